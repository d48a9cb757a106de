import { Button, PasswordInput, TextInput } from '@mantine/core'
import IconKey from '@tabler/icons-react/icons/IconKey'
import IconPlus from '@tabler/icons-react/icons/IconPlus'
import { useState } from 'react'
import { ALL, usePage, useSave } from '../../app/api'
import { useWords } from '../../app/words'
import { ConfirmDelete } from '../../ui/Confirm'
import { type Column, DataTable } from '../../ui/DataTable'
import { useDraft } from '../../ui/draft'
import { FormDrawer } from '../../ui/FormDrawer'
import { fixed } from '../../ui/fields'
import { Mono } from '../../ui/Mark'
import { Page } from '../../ui/Page'
import { fieldProblem } from '../../ui/problem'
import type { SecretName } from '../../ui/schema'
import { TimeAgo } from '../../ui/TimeAgo'

const PATH = '/v1/secrets'

/** The page of the secrets that rules, queries and models name. Their values are never shown. */
export default function Secrets() {
  const { t } = useWords()
  const list = usePage<SecretName>(PATH, ALL)
  const [open, setOpen] = useState<SecretName | 'new'>()
  const columns: Column<SecretName>[] = [
    { key: 'name', title: t('ui.name'), cell: (secret) => <Mono>{secret.name}</Mono> },
    {
      key: 'use',
      title: t('secrets.use'),
      cell: (secret) => <Mono>{`{{ secret.${secret.name} }}`}</Mono>,
      quiet: true,
    },
    {
      key: 'updated',
      title: t('ui.updated'),
      cell: (secret) => <TimeAgo at={secret.updated} />,
      quiet: true,
    },
  ]
  return (
    <Page
      title={t('secrets.title')}
      about={t('secrets.about')}
      actions={
        <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen('new')}>
          {t('secrets.new')}
        </Button>
      }
    >
      <DataTable
        list={list}
        id={(secret) => secret.name}
        columns={columns}
        onOpen={setOpen}
        empty={{ icon: IconKey, title: t('secrets.none'), about: t('secrets.none_about') }}
      />
      {open && (
        <SecretForm
          key={open === 'new' ? 'new' : open.name}
          {...(open === 'new' ? {} : { secret: open })}
          onClose={() => setOpen(undefined)}
        />
      )}
    </Page>
  )
}

function SecretForm({ secret, onClose }: { secret?: SecretName; onClose: () => void }) {
  const { t } = useWords()
  const draft = useDraft({ name: secret?.name ?? '', value: '' })
  const path = (name: string) => `${PATH}/${encodeURIComponent(name)}`
  const save = useSave<void, typeof draft.value>(
    ({ name, value }) => ({ method: 'PUT', path: path(name), body: { value } }),
    [PATH],
  )
  const { value, set } = draft
  return (
    <FormDrawer
      title={secret?.name ?? t('secrets.new')}
      onClose={onClose}
      onSave={() => save.mutate(value, { onSuccess: onClose })}
      dirty={draft.dirty}
      ready={value.name !== '' && value.value !== ''}
      saving={save.isPending}
      problem={save.error}
      aside={
        secret && (
          <ConfirmDelete
            name={secret.name}
            about={t('secrets.delete_about')}
            path={path(secret.name)}
            changes={[PATH]}
            onDone={onClose}
          />
        )
      }
    >
      <TextInput
        label={t('ui.name')}
        description={t('secrets.name_hint')}
        value={value.name}
        onChange={(event) => set({ name: event.currentTarget.value.trim() })}
        error={fieldProblem(save.error, 'name')}
        {...fixed(secret !== undefined)}
        required
        data-autofocus={!secret || undefined}
      />
      <PasswordInput
        label={t('secrets.value')}
        description={t(secret ? 'secrets.value_new' : 'secrets.value_hint')}
        value={value.value}
        onChange={(event) => set({ value: event.currentTarget.value })}
        error={fieldProblem(save.error, 'value')}
        autoComplete="off"
        required
      />
    </FormDrawer>
  )
}
