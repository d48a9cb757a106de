import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { lazy, Suspense, useMemo } from 'react'
import { type Command, useCommands } from '../app/commands'
import { type Filters, readFilters } from '../app/inboxFilters'
import { usePanelOn } from '../app/preferences'
import { useWords } from '../app/words'
import { EmptyState } from '../ui/EmptyState'
import { ConversationPane } from './conversation/ConversationPane'
import css from './InboxPage.module.css'
import { ConversationList } from './list/ConversationList'
import { focusSearch } from './list/SearchField'
import { useList } from './useList'

// The conversation is drawn first; what is beside it comes a moment later.
const ContactPanel = lazy(() => import('./contact/ContactPanel'))

/** Lists of conversations, and the one that is open. */
export function InboxPage() {
  const { t } = useWords()
  const { view = 'mine', conversation } = useParams({ strict: false })
  const search: Record<string, unknown> = useSearch({ strict: false })
  const filters = useMemo(() => readFilters(search), [search])
  const list = useList(view, filters)
  const [panel] = usePanelOn()
  useListCommands(
    view,
    filters,
    conversation,
    useMemo(() => list.rows.map((row) => row.conversation), [list.rows]),
  )
  return (
    <div className={css.page} data-open={conversation !== undefined || undefined}>
      <ConversationList view={view} filters={filters} list={list} open={conversation} />
      {conversation ? (
        <>
          <ConversationPane key={conversation} id={conversation} />
          {panel && (
            <Suspense fallback={<aside className={css.panel} />}>
              <ContactPanel key={conversation} id={conversation} />
            </Suspense>
          )}
        </>
      ) : (
        <div className={css.nothing}>
          <EmptyState title={t('inbox.choose')} about={t('inbox.choose_about')} />
        </div>
      )}
    </div>
  )
}

/** Moving through the list by keys. */
function useListCommands(
  view: string,
  filters: Filters,
  open: string | undefined,
  ids: readonly string[],
): void {
  const { t } = useWords()
  const navigate = useNavigate()
  const commands = useMemo<Command[]>(() => {
    const go = (step: 1 | -1) => {
      const at = open === undefined ? -1 : ids.indexOf(open)
      const next = ids[at === -1 ? 0 : Math.min(Math.max(at + step, 0), ids.length - 1)]
      if (!next || next === open) return
      void navigate({
        to: '/inbox/$view/$conversation',
        params: { view, conversation: next },
        search: filters,
      })
    }
    return [
      { id: 'list.next', title: t('help.next'), group: 'go', keys: 'j', run: () => go(1) },
      { id: 'list.previous', title: t('help.previous'), group: 'go', keys: 'k', run: () => go(-1) },
      { id: 'list.search', title: t('inbox.search'), group: 'go', keys: '/', run: focusSearch },
    ]
  }, [t, navigate, view, filters, open, ids])
  useCommands('list', commands)
}
