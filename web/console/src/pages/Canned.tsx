import { Button, Textarea, TextInput } from '@mantine/core'
import IconMessageBolt from '@tabler/icons-react/icons/IconMessageBolt'
import IconPlus from '@tabler/icons-react/icons/IconPlus'
import { useState } from 'react'
import { ALL, usePage, useSave } from '../app/api'
import { useWords } from '../app/words'
import { ConfirmDelete } from '../ui/Confirm'
import { type Column, DataTable } from '../ui/DataTable'
import { useDraft } from '../ui/draft'
import { FormDrawer } from '../ui/FormDrawer'
import { fixed } from '../ui/fields'
import { Mono } from '../ui/Mark'
import { Page } from '../ui/Page'
import { fieldProblem } from '../ui/problem'
import type { CannedResponse } from '../ui/schema'

const PATH = '/v1/canned-responses'

/** The page of the canned responses. */
export default function Canned() {
  const { t } = useWords()
  const list = usePage<CannedResponse>(PATH, ALL)
  const [open, setOpen] = useState<CannedResponse | 'new'>()
  const columns: Column<CannedResponse>[] = [
    { key: 'short', title: t('canned.short'), width: 180, cell: (row) => <Mono>/{row.short}</Mono> },
    {
      key: 'text',
      title: t('canned.text'),
      cell: (row) => <span style={{ whiteSpace: 'pre-line' }}>{row.text}</span>,
      quiet: true,
    },
  ]
  return (
    <Page
      title={t('canned.title')}
      about={t('canned.about')}
      actions={
        <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen('new')}>
          {t('canned.new')}
        </Button>
      }
    >
      <DataTable
        list={list}
        id={(row) => row.short}
        columns={columns}
        onOpen={setOpen}
        empty={{ icon: IconMessageBolt, title: t('canned.none'), about: t('canned.none_about') }}
      />
      {open && (
        <CannedForm
          key={open === 'new' ? 'new' : open.short}
          {...(open === 'new' ? {} : { response: open })}
          onClose={() => setOpen(undefined)}
        />
      )}
    </Page>
  )
}

function CannedForm({ response, onClose }: { response?: CannedResponse; onClose: () => void }) {
  const { t } = useWords()
  const draft = useDraft({ short: response?.short ?? '', text: response?.text ?? '' })
  const path = (short: string) => `${PATH}/${encodeURIComponent(short)}`
  const save = useSave<CannedResponse, CannedResponse>(
    (body) => ({ method: 'PUT', path: path(body.short), body }),
    [PATH],
  )
  const { value, set } = draft
  return (
    <FormDrawer
      title={response ? `/${response.short}` : t('canned.new')}
      onClose={onClose}
      onSave={() => save.mutate(value, { onSuccess: onClose })}
      dirty={draft.dirty}
      ready={value.short !== ''}
      saving={save.isPending}
      problem={save.error}
      aside={
        response && (
          <ConfirmDelete
            name={`/${response.short}`}
            path={path(response.short)}
            changes={[PATH]}
            onDone={onClose}
          />
        )
      }
    >
      <TextInput
        label={t('canned.short')}
        description={t('canned.short_hint')}
        leftSection="/"
        value={value.short}
        onChange={(event) => set({ short: event.currentTarget.value.trim() })}
        error={fieldProblem(save.error, 'short')}
        {...fixed(response !== undefined)}
        required
        data-autofocus={!response || undefined}
      />
      <Textarea
        label={t('canned.text')}
        description={t('canned.text_hint', { contact: '{{ contact.name }}', agent: '{{ agent.name }}' })}
        value={value.text}
        onChange={(event) => set({ text: event.currentTarget.value })}
        error={fieldProblem(save.error, 'text')}
        autosize
        minRows={5}
        maxRows={20}
        required
      />
    </FormDrawer>
  )
}
