import { Button, TextInput } from '@mantine/core'
import IconBolt from '@tabler/icons-react/icons/IconBolt'
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
import type { Macro, MacroStep } from '../ui/schema'
import { MacroSteps } from './MacroSteps'

const PATH = '/v1/macros'

/** The page of the macros. */
export default function Macros() {
  const { t } = useWords()
  const list = usePage<Macro>(PATH, ALL)
  const [open, setOpen] = useState<Macro | 'new'>()
  const columns: Column<Macro>[] = [
    { key: 'title', title: t('macros.label'), cell: (macro) => macro.title },
    { key: 'name', title: t('macros.name'), cell: (macro) => <Mono>/{macro.name}</Mono>, quiet: true },
    {
      key: 'steps',
      title: t('macros.steps'),
      cell: (macro) => macro.steps.map((step) => t(`step.${step.do}`)).join(' → '),
      quiet: true,
    },
  ]
  return (
    <Page
      title={t('macros.title')}
      about={t('macros.about')}
      actions={
        <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen('new')}>
          {t('macros.new')}
        </Button>
      }
    >
      <DataTable
        list={list}
        id={(macro) => macro.name}
        columns={columns}
        onOpen={setOpen}
        empty={{ icon: IconBolt, title: t('macros.none'), about: t('macros.none_about') }}
      />
      {open && (
        <MacroForm
          key={open === 'new' ? 'new' : open.name}
          {...(open === 'new' ? {} : { macro: open })}
          onClose={() => setOpen(undefined)}
        />
      )}
    </Page>
  )
}

function MacroForm({ macro, onClose }: { macro?: Macro; onClose: () => void }) {
  const { t } = useWords()
  const draft = useDraft({
    name: macro?.name ?? '',
    title: macro?.title ?? '',
    steps: macro?.steps ?? ([] as MacroStep[]),
  })
  const path = (name: string) => `${PATH}/${encodeURIComponent(name)}`
  const save = useSave<Macro, Macro>((body) => ({ method: 'PUT', path: path(body.name), body }), [PATH])
  const { value, set } = draft
  return (
    <FormDrawer
      title={macro?.title ?? t('macros.new')}
      size={560}
      onClose={onClose}
      onSave={() => save.mutate(value, { onSuccess: onClose })}
      dirty={draft.dirty}
      ready={value.name !== ''}
      saving={save.isPending}
      problem={save.error}
      aside={
        macro && (
          <ConfirmDelete name={macro.title} path={path(macro.name)} changes={[PATH]} onDone={onClose} />
        )
      }
    >
      <TextInput
        label={t('macros.label')}
        value={value.title}
        onChange={(event) => set({ title: event.currentTarget.value })}
        error={fieldProblem(save.error, 'title')}
        required
        data-autofocus={!macro || undefined}
      />
      <TextInput
        label={t('macros.name')}
        description={t('macros.name_hint')}
        leftSection="/"
        value={value.name}
        onChange={(event) => set({ name: event.currentTarget.value.trim().toLowerCase() })}
        error={fieldProblem(save.error, 'name')}
        {...fixed(macro !== undefined)}
        required
      />
      <MacroSteps steps={value.steps} onChange={(steps) => set({ steps })} />
    </FormDrawer>
  )
}
