import type { ListRow } from '@deskwire/sdk'
import { Button, Loader, Popover, UnstyledButton } from '@mantine/core'
import IconChevronDown from '@tabler/icons-react/icons/IconChevronDown'
import { useNavigate } from '@tanstack/react-router'
import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useState } from 'react'
import type { Pages } from '../../app/api'
import type { Filters } from '../../app/inboxFilters'
import { useWords } from '../../app/words'
import { EmptyState } from '../../ui/EmptyState'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { useDirectory } from '../ChatProvider'
import { InboxNav } from '../InboxNav'
import { useUnread } from '../unread'
import { useLostTeam } from '../useList'
import { isView, VIEW_WORDS } from '../views'
import css from './ConversationList.module.css'
import { ConversationRow, ROW_HEIGHT } from './ConversationRow'
import { FilterMenu } from './FilterMenu'
import { SearchField } from './SearchField'

interface Props {
  view: string
  filters: Filters
  list: Pages<ListRow>
  /** The conversation that is open. */
  open: string | undefined
}

/** Rows beyond the window that are drawn, so that fast scrolling shows no white. */
const OVERSCAN = 8
/** Rows before the end at which the next page is asked for. */
const AHEAD = 12

/** A list of conversations with its search and filters. */
export function ConversationList(props: Props) {
  const { view, filters, list, open } = props
  const navigate = useNavigate()
  const change = (next: Filters) =>
    void navigate(
      open
        ? { to: '/inbox/$view/$conversation', params: { view, conversation: open }, search: next }
        : { to: '/inbox/$view', params: { view }, search: next },
    )
  const search = (words: string) => {
    const { q: _q, ...rest } = filters
    change(words.trim() === '' ? rest : { ...rest, q: words.trim() })
  }
  return (
    <section className={css.list}>
      <header className={css.header}>
        <ViewName view={view} />
        <div className={css.tools}>
          <SearchField value={filters.q ?? ''} onSearch={search} />
          <FilterMenu view={view} filters={filters} onChange={change} />
        </div>
      </header>
      {list.problem && (
        <div className={css.problem}>
          <ProblemAlert problem={list.problem} onRetry={list.reload} />
        </div>
      )}
      {list.rows.length > 0 ? <Rows key={`${view}:${filters.q ?? ''}`} {...props} /> : <Nothing {...props} />}
    </section>
  )
}

/** The list's name; where there is no room for the column of lists, a menu of them. */
function ViewName({ view }: { view: string }) {
  const { t } = useWords()
  const { teams } = useDirectory()
  const [open, setOpen] = useState(false)
  const name = isView(view) ? t(VIEW_WORDS[view]) : (teams.get(view)?.name ?? view)
  return (
    <>
      <h1 className={css.name}>{name}</h1>
      <Popover opened={open} onChange={setOpen} position="bottom-start" width={220} trapFocus withinPortal>
        <Popover.Target>
          <UnstyledButton className={css.switcher ?? ''} onClick={() => setOpen(!open)}>
            {name} <IconChevronDown size={15} />
          </UnstyledButton>
        </Popover.Target>
        <Popover.Dropdown p={6} aria-label={t('inbox.lists')}>
          <InboxNav onChoose={() => setOpen(false)} />
        </Popover.Dropdown>
      </Popover>
    </>
  )
}

function Rows({ view, filters, list, open }: Props) {
  const { t } = useWords()
  const scroller = useRef<HTMLDivElement>(null)
  const { counts } = useUnread()
  const { rows, more, loadingMore, loadMore } = list
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
    getItemKey: (index) => rows[index]?.conversation ?? index,
  })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (more && !loadingMore && !list.problem && last >= rows.length - AHEAD) loadMore()
  }, [more, loadingMore, list.problem, last, rows.length, loadMore])

  useShowOpen(virtual, rows, open)
  return (
    <div className={css.scroller} ref={scroller}>
      <ul className={css.rows} style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const row = rows[item.index]
          return (
            row && (
              <li key={item.key} className={css.item} style={{ transform: `translateY(${item.start}px)` }}>
                <ConversationRow
                  row={row}
                  view={view}
                  filters={filters}
                  open={row.conversation === open}
                  unread={counts.get(row.conversation) ?? 0}
                />
              </li>
            )
          )
        })}
      </ul>
      {more && (
        <div className={css.more}>
          {loadingMore ? (
            <Loader size="xs" aria-label={t('inbox.loading_more')} />
          ) : (
            <Button size="compact-xs" variant="subtle" onClick={loadMore}>
              {t('inbox.load_more')}
            </Button>
          )}
        </div>
      )}
    </div>
  )
}

/** Brings the open conversation's row into view: only when another one is opened, for a row that moves by itself must not take the list along. */
function useShowOpen(
  virtual: Virtualizer<HTMLDivElement, Element>,
  rows: readonly ListRow[],
  open: string | undefined,
): void {
  const shown = useRef<string | undefined>(undefined)
  const at = open === undefined ? -1 : rows.findIndex((row) => row.conversation === open)
  useEffect(() => {
    if (at === -1 || shown.current === open) return
    shown.current = open
    virtual.scrollToIndex(at, { align: 'auto' })
  }, [at, open, virtual])
}

function Nothing({ view, filters, list }: Props) {
  const { t } = useWords()
  if (useLostTeam(view)) {
    return (
      <div className={css.nothing}>
        <EmptyState title={t('inbox.no_team', { team: view })} about={t('inbox.no_team_about')} />
      </div>
    )
  }
  if (list.loading || list.loadingMore) {
    return (
      <div className={css.nothing}>
        <Loader size="sm" aria-label={t('shell.loading')} />
      </div>
    )
  }
  if (list.problem) return null
  const filtered = Object.keys(filters).some((name) => name !== 'sort')
  const words = emptyWords(view, filtered)
  return (
    <div className={css.nothing}>
      <EmptyState title={t(words.title)} {...(words.about && { about: t(words.about) })} />
      {list.more && (
        <Button size="compact-xs" variant="subtle" onClick={list.loadMore}>
          {t('inbox.load_more')}
        </Button>
      )}
    </div>
  )
}

function emptyWords(view: string, filtered: boolean) {
  if (filtered) return { title: 'inbox.empty_filtered' } as const
  if (view === 'mine') return { title: 'inbox.empty_mine', about: 'inbox.empty_mine_about' } as const
  if (view === 'unassigned') {
    return { title: 'inbox.empty_unassigned', about: 'inbox.empty_unassigned_about' } as const
  }
  return { title: 'inbox.empty' } as const
}
