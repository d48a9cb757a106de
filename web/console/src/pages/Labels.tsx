import { Button, ColorInput, Textarea, TextInput } from '@mantine/core'
import IconPlus from '@tabler/icons-react/icons/IconPlus'
import IconTag from '@tabler/icons-react/icons/IconTag'
import { type CSSProperties, useState } from 'react'
import { ALL, usePage, useSave } from '../app/api'
import { useWords } from '../app/words'
import { ConfirmDelete } from '../ui/Confirm'
import { type Column, DataTable } from '../ui/DataTable'
import { useDraft } from '../ui/draft'
import { FormDrawer } from '../ui/FormDrawer'
import { fixed } from '../ui/fields'
import { Page } from '../ui/Page'
import { fieldProblem } from '../ui/problem'
import type { LabelDefinition } from '../ui/schema'
import css from '../ui/ui.module.css'
import { SWATCHES } from './colours'
import { useIsAdmin } from './names'

const PATH = '/v1/labels'

/** The page of the labels. */
export default function Labels() {
  const { t } = useWords()
  const list = usePage<LabelDefinition>(PATH, ALL)
  const [open, setOpen] = useState<LabelDefinition | 'new'>()
  const columns: Column<LabelDefinition>[] = [
    {
      key: 'name',
      title: t('ui.name'),
      cell: (label) => (
        <span className={css.state}>
          <span
            className={css.dot}
            style={{ '--tone': label.colour ?? 'var(--mantine-color-gray-5)' } as CSSProperties}
          />
          {label.name}
        </span>
      ),
    },
    { key: 'about', title: t('ui.description'), cell: (label) => label.description ?? '', quiet: true },
  ]
  return (
    <Page
      title={t('labels.title')}
      about={t('labels.about')}
      actions={
        <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen('new')}>
          {t('labels.new')}
        </Button>
      }
    >
      <DataTable
        list={list}
        id={(label) => label.name}
        columns={columns}
        onOpen={setOpen}
        empty={{ icon: IconTag, title: t('labels.none'), about: t('labels.none_about') }}
      />
      {open && (
        <LabelForm
          key={open === 'new' ? 'new' : open.name}
          {...(open === 'new' ? {} : { label: open })}
          onClose={() => setOpen(undefined)}
        />
      )}
    </Page>
  )
}

function LabelForm({ label, onClose }: { label?: LabelDefinition; onClose: () => void }) {
  const { t } = useWords()
  const admin = useIsAdmin()
  const draft = useDraft({
    name: label?.name ?? '',
    colour: label?.colour ?? SWATCHES[0] ?? '',
    description: label?.description ?? '',
  })
  const path = (name: string) => `${PATH}/${encodeURIComponent(name)}`
  const save = useSave<LabelDefinition, typeof draft.value>(
    ({ name, colour, description }) => ({
      method: 'PUT',
      path: path(name),
      body: { name, ...(colour && { colour }), ...(description && { description }) },
    }),
    [PATH],
  )
  const { value, set } = draft
  return (
    <FormDrawer
      title={label?.name ?? t('labels.new')}
      onClose={onClose}
      onSave={() => save.mutate({ ...value, name: value.name.trim() }, { onSuccess: onClose })}
      dirty={draft.dirty}
      ready={value.name.trim() !== ''}
      saving={save.isPending}
      problem={save.error}
      aside={
        label &&
        admin && (
          <ConfirmDelete
            name={label.name}
            about={t('labels.delete_about')}
            path={path(label.name)}
            changes={[PATH]}
            onDone={onClose}
          />
        )
      }
    >
      <TextInput
        label={t('ui.name')}
        description={t('labels.name_hint')}
        value={value.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
        error={fieldProblem(save.error, 'name')}
        {...fixed(label !== undefined)}
        required
        data-autofocus={!label || undefined}
      />
      <ColorInput
        label={t('labels.colour')}
        value={value.colour}
        onChange={(colour) => set({ colour })}
        error={fieldProblem(save.error, 'colour')}
        swatches={SWATCHES}
        swatchesPerRow={9}
        eyeDropperButtonProps={{ 'aria-label': t('ui.pick_colour') }}
        format="hex"
      />
      <Textarea
        label={t('ui.description')}
        value={value.description}
        onChange={(event) => set({ description: event.currentTarget.value })}
        error={fieldProblem(save.error, 'description')}
        autosize
        minRows={2}
      />
    </FormDrawer>
  )
}
