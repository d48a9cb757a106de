import { Button, Input, SegmentedControl, Select, Switch, Textarea, TextInput } from '@mantine/core'
import IconPlus from '@tabler/icons-react/icons/IconPlus'
import IconShieldHalf from '@tabler/icons-react/icons/IconShieldHalf'
import { useState } from 'react'
import { ALL, usePage, useSave } from '../app/api'
import { useWords } from '../app/words'
import { ConfirmDelete } from '../ui/Confirm'
import { type Column, DataTable } from '../ui/DataTable'
import { useDraft } from '../ui/draft'
import { FormDrawer } from '../ui/FormDrawer'
import { fixed } from '../ui/fields'
import { lines } from '../ui/lines'
import { Mark, type Tone } from '../ui/Mark'
import { Page } from '../ui/Page'
import { fieldProblem } from '../ui/problem'
import type { WordList } from '../ui/schema'
import css from '../ui/ui.module.css'

const PATH = '/v1/word-lists'

type Action = WordList['action']
type Direction = NonNullable<WordList['direction']>

const ACTIONS: readonly Action[] = ['mask', 'hold', 'refuse']
const DIRECTIONS: readonly Direction[] = ['both', 'from_visitor', 'to_visitor']
const TONES: Record<Action, Tone> = { mask: 'busy', hold: 'warn', refuse: 'bad' }

/** The page of the content filter's word lists. */
export default function WordLists() {
  const { t } = useWords()
  const list = usePage<WordList>(PATH, ALL)
  const [open, setOpen] = useState<WordList | 'new'>()
  const columns: Column<WordList>[] = [
    { key: 'name', title: t('ui.name'), cell: (row) => row.name },
    { key: 'category', title: t('words.category'), cell: (row) => row.category, quiet: true },
    {
      key: 'action',
      title: t('words.action'),
      cell: (row) =>
        row.disabled ? (
          <Mark tone="quiet">{t('words.off')}</Mark>
        ) : (
          <Mark tone={TONES[row.action]}>{t(`words.${row.action}`)}</Mark>
        ),
    },
    {
      key: 'direction',
      title: t('words.direction'),
      cell: (row) => t(`words.${row.direction ?? 'both'}`),
      quiet: true,
    },
    { key: 'count', title: t('words.count'), align: 'right', cell: (row) => row.words.length },
  ]
  return (
    <Page
      title={t('words.title')}
      about={t('words.about')}
      actions={
        <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen('new')}>
          {t('words.new')}
        </Button>
      }
    >
      <DataTable
        list={list}
        id={(row) => row.name}
        columns={columns}
        onOpen={setOpen}
        empty={{ icon: IconShieldHalf, title: t('words.none'), about: t('words.none_about') }}
      />
      {open && (
        <WordListForm
          key={open === 'new' ? 'new' : open.name}
          {...(open === 'new' ? {} : { list: open })}
          onClose={() => setOpen(undefined)}
        />
      )}
    </Page>
  )
}

function WordListForm({ list, onClose }: { list?: WordList; onClose: () => void }) {
  const { t } = useWords()
  const draft = useDraft({
    name: list?.name ?? '',
    category: list?.category ?? '',
    action: list?.action ?? ('mask' as Action),
    direction: list?.direction ?? ('both' as Direction),
    disabled: list?.disabled ?? false,
    words: (list?.words ?? []).join('\n'),
  })
  const path = (name: string) => `${PATH}/${encodeURIComponent(name)}`
  const save = useSave<WordList, WordList>((body) => ({ method: 'PUT', path: path(body.name), body }), [PATH])
  const { value, set } = draft
  return (
    <FormDrawer
      title={list?.name ?? t('words.new')}
      onClose={onClose}
      onSave={() => save.mutate({ ...value, words: lines(value.words) }, { onSuccess: onClose })}
      dirty={draft.dirty}
      ready={value.name.trim() !== ''}
      saving={save.isPending}
      problem={save.error}
      aside={
        list && <ConfirmDelete name={list.name} path={path(list.name)} changes={[PATH]} onDone={onClose} />
      }
    >
      <TextInput
        label={t('ui.name')}
        value={value.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
        error={fieldProblem(save.error, 'name')}
        {...fixed(list !== undefined)}
        required
        data-autofocus={!list || undefined}
      />
      <TextInput
        label={t('words.category')}
        description={t('words.category_hint')}
        value={value.category}
        onChange={(event) => set({ category: event.currentTarget.value })}
        error={fieldProblem(save.error, 'category')}
        required
      />
      <div>
        <Input.Label component="div" display="block" mb={4}>
          {t('words.action')}
        </Input.Label>
        <SegmentedControl
          fullWidth
          value={value.action}
          onChange={(action) => set({ action: action as Action })}
          data={ACTIONS.map((action) => ({ value: action, label: t(`words.${action}`) }))}
        />
        <p className={css.about}>{t(`words.${value.action}_about`)}</p>
      </div>
      <Select
        label={t('words.direction')}
        data={DIRECTIONS.map((direction) => ({ value: direction, label: t(`words.${direction}`) }))}
        value={value.direction}
        onChange={(direction) => direction && set({ direction: direction as Direction })}
        allowDeselect={false}
      />
      <Textarea
        label={t('words.words')}
        description={t('words.words_hint')}
        value={value.words}
        onChange={(event) => set({ words: event.currentTarget.value })}
        error={fieldProblem(save.error, 'words')}
        autosize
        minRows={8}
        maxRows={22}
        required
      />
      <Switch
        label={t('words.disable')}
        checked={value.disabled}
        onChange={(event) => set({ disabled: event.currentTarget.checked })}
      />
    </FormDrawer>
  )
}
