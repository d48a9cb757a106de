import { ActionIcon, Indicator, Loader, Popover } from '@mantine/core'
import IconAdjustmentsHorizontal from '@tabler/icons-react/icons/IconAdjustmentsHorizontal'
import { lazy, Suspense } from 'react'
import type { Filters } from '../../app/inboxFilters'
import { useWords } from '../../app/words'

// Loaded when the menu is first opened.
const FilterFields = lazy(() => import('./FilterFields'))

interface Props {
  view: string
  filters: Filters
  onChange: (filters: Filters) => void
}

/** Narrows and sorts a list. */
export function FilterMenu({ view, filters, onChange }: Props) {
  const { t } = useWords()
  const on = (['status', 'team', 'assignee', 'label'] as const).filter((name) => filters[name]).length
  const text = on > 0 ? t('inbox.filters_on', { count: on }) : t('inbox.filter')
  return (
    <Indicator disabled={on === 0} label={on} size={15} offset={4}>
      <Popover position="bottom-end" width={264} trapFocus withinPortal>
        <Popover.Target>
          <ActionIcon
            size={30}
            aria-label={text}
            title={text}
            variant={on > 0 ? 'light' : 'subtle'}
            {...(on > 0 && { color: 'iris' })}
          >
            <IconAdjustmentsHorizontal size={17} stroke={1.8} />
          </ActionIcon>
        </Popover.Target>
        <Popover.Dropdown>
          <Suspense fallback={<Loader size="xs" />}>
            <FilterFields view={view} filters={filters} onChange={onChange} />
          </Suspense>
        </Popover.Dropdown>
      </Popover>
    </Indicator>
  )
}
