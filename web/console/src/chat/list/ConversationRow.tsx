import type { ListRow } from '@deskwire/sdk'
import IconArrowsExchange from '@tabler/icons-react/icons/IconArrowsExchange'
import IconClockPause from '@tabler/icons-react/icons/IconClockPause'
import IconFlag3 from '@tabler/icons-react/icons/IconFlag3'
import IconHourglass from '@tabler/icons-react/icons/IconHourglass'
import IconSparkles from '@tabler/icons-react/icons/IconSparkles'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useMe } from '../../app/api'
import type { Filters } from '../../app/inboxFilters'
import { useWords } from '../../app/words'
import { useDirectory } from '../ChatProvider'
import { useDraft } from '../composer/drafts'
import { Face } from '../Face'
import { LabelDot } from '../LabelDot'
import { agentName, contactName, teamName } from '../names'
import { ShortAge } from '../ShortAge'
import css from './ConversationList.module.css'

/** Pixels of a row: the list is virtual, and all its rows are equal. */
export const ROW_HEIGHT = 78
/** Labels that a row has room for. */
const SHOWN_LABELS = 3

interface Props {
  row: ListRow
  view: string
  filters: Filters
  open: boolean
  unread: number
}

/** One conversation in a list. */
export function ConversationRow({ row, view, filters, open, unread }: Props) {
  const { t } = useWords()
  const { labels } = useDirectory()
  const name = contactName(row.contact_name, row.contact)
  const draft = useDraft(row.conversation, 'reply')
  const shown = (row.state.labels ?? []).slice(0, SHOWN_LABELS)
  return (
    <Link
      to="/inbox/$view/$conversation"
      params={{ view, conversation: row.conversation }}
      search={filters}
      className={css.row}
      data-open={open || undefined}
      data-unread={unread > 0 || undefined}
      aria-current={open ? 'true' : undefined}
    >
      <Face id={row.contact} name={name} size={34} />
      <span className={css.body}>
        <span className={css.line}>
          <span className={css.who}>{name}</span>
          <span className={css.when}>
            <ShortAge at={row.updated} />
          </span>
        </span>
        <span className={css.line}>
          <span className={css.preview}>
            {draft !== '' && !open ? (
              <>
                <span className={css.draft}>{t('composer.draft')}</span> {draft}
              </>
            ) : (
              (row.preview ?? t('inbox.nothing_said'))
            )}
          </span>
          {unread > 0 && (
            <span className={css.unread} role="img" aria-label={t('inbox.unread', { count: unread })}>
              {unread}
            </span>
          )}
        </span>
        <span className={css.marks}>
          <Standing row={row} />
          {shown.map((label) => (
            <LabelDot key={label} name={label} colour={labels.get(label)?.colour} />
          ))}
        </span>
      </span>
    </Link>
  )
}

/** Where it stands, and with whom. */
function Standing({ row }: { row: ListRow }): ReactNode {
  const { t } = useWords()
  const { agent } = useMe()
  const { agents, teams } = useDirectory()
  const { state } = row
  const holder =
    state.assignee && state.assignee !== agent.id ? agentName(state.assignee, { agents }) : undefined
  return (
    <>
      {state.priority > 0 && (
        <span className={css.mark} data-tone="warn" title={t('contact.priority')}>
          <IconFlag3 size={13} stroke={1.8} /> {state.priority}
        </span>
      )}
      {state.status === 'queued' && (
        <span className={css.mark} data-tone="warn">
          <IconHourglass size={13} stroke={1.8} /> <ShortAge at={state.waiting_since} />
        </span>
      )}
      {state.status === 'bot' && (
        <span className={css.mark} data-tone="bot">
          <IconSparkles size={13} stroke={1.8} /> {t('status.bot')}
        </span>
      )}
      {state.status === 'transferring' && (
        <span className={css.mark} data-tone="accent">
          <IconArrowsExchange size={13} stroke={1.8} /> {t('status.transferring')}
        </span>
      )}
      {state.status === 'snoozed' && (
        <span className={css.mark}>
          <IconClockPause size={13} stroke={1.8} /> {t('status.snoozed')}
        </span>
      )}
      {state.status === 'active' && !holder && (
        <span className={css.mark}>{teamName(state.team, { teams })}</span>
      )}
      {state.status === 'closed' && <span className={css.mark}>{t('status.closed')}</span>}
      {holder && state.status !== 'queued' && state.status !== 'bot' && (
        <span className={css.mark}>{holder}</span>
      )}
    </>
  )
}
