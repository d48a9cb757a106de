import type { Conversation, Entry, EntryView } from '@deskwire/sdk'
import { memo } from 'react'
import { useWords } from '../../app/words'
import { useDirectory, useRow } from '../ChatProvider'
import { authorName } from '../names'
import { clockTime, wholeDay } from '../times'
import { eventText } from '../words'
import { SaidRow } from './SaidRow'
import css from './Timeline.module.css'

interface Props {
  entry: EntryView
  before: EntryView | undefined
  next: EntryView | undefined
  conversation: Conversation
  entryAt: (seq: number) => EntryView | undefined
  /** Of the conversation: scrolling alone draws no row anew. */
  version: number
}

/** Milliseconds within which what one person says belongs together. */
const GROUP_MS = 5 * 60_000

/** Whether an entry is something that somebody said, and stands in a bubble. */
export function isSaid(entry: Entry): boolean {
  return (
    entry.type === 'message' ||
    entry.type === 'note' ||
    entry.type === 'held' ||
    (entry.type === 'reviewed' && entry.content != null)
  )
}

/** Whether it is a card, a picture or a file: a frame of its own needs more air around it than words do. */
function isFramed(entry: EntryView | undefined): boolean {
  if (!entry || 'hidden' in entry || !('content' in entry)) return false
  return entry.content != null && ['card', 'image', 'file'].includes(entry.content.kind)
}

/** Whose words they are: of a released message its author's, not the supervisor's. */
function speaker(entry: Entry): string {
  const by = entry.type === 'reviewed' ? entry.author : entry.by
  return `${by.kind}:${by.id ?? ''}:${entry.type === 'note' ? 'note' : ''}`
}

function belongTogether(a: EntryView | undefined, b: EntryView): boolean {
  if (!a || 'hidden' in a || 'hidden' in b || !isSaid(a) || !isSaid(b)) return false
  return speaker(a) === speaker(b) && Date.parse(b.at) - Date.parse(a.at) < GROUP_MS && isSameDay(a.at, b.at)
}

function isSameDay(a: string, b: string): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString()
}

/** One entry of the log, with the day before it where a new one begins. */
export const EntryRow = memo(function EntryRow({ entry, before, next, conversation, entryAt }: Props) {
  if ('hidden' in entry) return null
  const newDay =
    before === undefined || 'hidden' in before ? entry.seq === 1 : !isSameDay(before.at, entry.at)
  return (
    <>
      {newDay && <Day at={entry.at} />}
      {isSaid(entry) ? (
        <SaidRow
          entry={entry}
          first={!belongTogether(before, entry)}
          apart={isFramed(before) || isFramed(entry)}
          last={!(next && belongTogether(entry, next))}
          conversation={conversation}
          entryAt={entryAt}
        />
      ) : (
        <EventRow entry={entry} contact={conversation.id} />
      )}
    </>
  )
})

function Day({ at }: { at: string }) {
  const { language } = useWords()
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86_400_000)
  const near = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  const text = days <= 1 ? near.format(-days, 'day') : wholeDay(at, language)
  return <div className={css.day}>{text.charAt(0).toUpperCase() + text.slice(1)}</div>
}

function EventRow({ entry, contact }: { entry: Entry; contact: string }) {
  const { t, language } = useWords()
  const directory = useDirectory()
  const name = useRow(contact)?.contact_name ?? undefined
  const time = clockTime(entry.at, language)
  if (entry.type === 'rated') {
    return (
      <div className={css.rated}>
        <span className={css.stars} role="img" aria-label={t('event.rated', { score: entry.score })}>
          {'★'.repeat(entry.score)}
          {'☆'.repeat(Math.max(0, 5 - entry.score))}
        </span>
        {entry.comment && <span>{entry.comment}</span>}
      </div>
    )
  }
  if (entry.type === 'feedback') {
    const by = authorName(entry.by, directory, name)
    const text = t(entry.good ? 'event.feedback_good' : 'event.feedback_bad', { by })
    return (
      <div className={css.event}>
        {entry.intent ? `${text} ${t('event.feedback_intent', { intent: entry.intent })}` : text}
        <time dateTime={entry.at}>{time}</time>
      </div>
    )
  }
  const text = eventText(entry, { directory, contact: name, language })
  if (text === undefined) return null
  const note = entry.type === 'transfer_requested' ? entry.note : undefined
  return (
    <div className={css.event}>
      {text}
      <time dateTime={entry.at}>{time}</time>
      {note && <div>“{note}”</div>}
    </div>
  )
}
