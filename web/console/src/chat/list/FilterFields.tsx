import { Button, Select, Stack } from '@mantine/core'
import { useMe } from '../../app/api'
import { type Filters, readFilters, SORTS, STATUSES } from '../../app/inboxFilters'
import { useWords } from '../../app/words'
import { useDirectory } from '../ChatProvider'
import { defaultSort, isView } from '../views'

interface Props {
  view: string
  filters: Filters
  onChange: (filters: Filters) => void
}

/** The lists of the fields lie inside the popover: outside of it a click would close it. */
const SHARED = { size: 'xs', clearable: true, comboboxProps: { withinPortal: false } } as const

/** What a list is narrowed and sorted by. */
export default function Fields({ view, filters, onChange }: Props) {
  const { t } = useWords()
  const { teams, labels } = useDirectory()
  const change = (name: keyof Filters) => (value: string | null) =>
    onChange(readFilters({ ...filters, [name]: value ?? undefined }))
  const shared = { ...SHARED, placeholder: t('inbox.any') }
  return (
    <Stack gap="xs">
      <Select
        {...shared}
        clearable={false}
        label={t('inbox.sort')}
        value={filters.sort ?? defaultSort(view)}
        onChange={change('sort')}
        data={SORTS.map((sort) => ({ value: sort, label: t(`sort.${sort}`) }))}
      />
      {(view === 'all' || !isView(view)) && (
        <Select
          {...shared}
          label={t('ui.status')}
          value={filters.status ?? null}
          onChange={change('status')}
          data={STATUSES.map((status) => ({ value: status, label: t(`status.${status}`) }))}
        />
      )}
      {isView(view) && (
        <Select
          {...shared}
          searchable
          label={t('ui.team')}
          value={filters.team ?? null}
          onChange={change('team')}
          data={[...teams.values()].map((team) => ({ value: team.id, label: team.name }))}
        />
      )}
      {view !== 'mine' && view !== 'unassigned' && (
        <AssigneeSelect value={filters.assignee ?? null} onChange={change('assignee')} />
      )}
      <Select
        {...shared}
        searchable
        label={t('inbox.label')}
        value={filters.label ?? null}
        onChange={change('label')}
        data={[...labels.keys()]}
      />
      <Button size="xs" variant="default" onClick={() => onChange(filters.q ? { q: filters.q } : {})}>
        {t('inbox.reset')}
      </Button>
    </Stack>
  )
}

function AssigneeSelect({
  value,
  onChange,
}: {
  value: string | null
  onChange: (value: string | null) => void
}) {
  const { t } = useWords()
  const { agent } = useMe()
  const { agents } = useDirectory()
  const others = [...agents.values()].filter((one) => one.id !== agent.id)
  return (
    <Select
      {...SHARED}
      searchable
      label={t('inbox.assignee')}
      placeholder={t('inbox.any')}
      value={value}
      onChange={onChange}
      data={[
        { value: 'me', label: t('inbox.me') },
        ...others.map((one) => ({ value: one.id, label: one.name })),
      ]}
    />
  )
}
