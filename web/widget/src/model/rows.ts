import type { Author, Content, Conversation, Entry, EntryView, Pending, Streaming } from '@deskwire/sdk'
import { near } from '../format'

/** How far something that the visitor wrote has come. */
export type Mark = 'queued' | 'sending' | 'refused' | 'sent' | 'delivered' | 'read' | 'held' | 'withheld'

/** A line between messages: what happened. */
export type Line =
  | { what: 'joined' | 'tookOver'; agent: string; name: string | undefined }
  | { what: 'waiting' | 'waitingAgain' | 'botCalled' | 'closed' | 'reopened' }

/** A message as it is shown. */
export interface MessageRow {
  kind: 'message'
  /** The same while it is composed, sent and stored, so that it is one thing on the screen. */
  key: string
  conversation: string | undefined
  /** Absent while it is not in the log. */
  seq: number | undefined
  by: Author
  own: boolean
  at: string
  content: Content
  /** The first and the last of those that one author wrote in a row. */
  first: boolean
  last: boolean
  /** For the visitor's own. */
  mark: Mark | undefined
  /** What is kept of it on this side until it is stored. */
  pending: Pending | undefined
  /** The AI agent is still writing it. */
  streaming: boolean
  /** Of a card: the `postback` that was pressed last. */
  pressed: string | undefined
  /** Of the AI agent's answer: what the visitor thinks of it. */
  good: boolean | undefined
}

/** A row of the list. */
export type Row =
  | MessageRow
  | { kind: 'day'; key: string; at: string }
  | { kind: 'line'; key: string; at: string; line: Line }

/** What rows are made of: a part of the SDK's conversation. */
export type Log = Pick<Conversation, 'id' | 'entries' | 'read' | 'delivered'>

/** The entry, if one may see it. */
export function visible(entry: EntryView): Entry | undefined {
  return 'hidden' in entry ? undefined : entry
}

/** Up to which seq anybody but `me` has read. */
export function othersRead(read: Readonly<Record<string, number>>, me: string | undefined): number {
  return Object.entries(read).reduce((most, [who, seq]) => (who === me ? most : Math.max(most, seq)), 0)
}

/** How far a stored message has come. Who has read has also got it. */
export function markOf(seq: number, delivered: number, read: number): Mark {
  if (seq <= read) return 'read'
  return seq <= delivered ? 'delivered' : 'sent'
}

/** What later entries say about earlier ones. */
interface Later {
  pressed: Map<number, string>
  good: Map<number, boolean>
  reviewed: Map<number, boolean>
}

function laterWords(entries: readonly EntryView[]): Later {
  const later: Later = { pressed: new Map(), good: new Map(), reviewed: new Map() }
  for (const view of entries) {
    const entry = visible(view)
    if (entry?.type === 'postback') later.pressed.set(entry.card, entry.value)
    else if (entry?.type === 'feedback' && entry.by.kind === 'visitor')
      later.good.set(entry.entry, entry.good)
    else if (entry?.type === 'reviewed') later.reviewed.set(entry.held, entry.released)
  }
  return later
}

type Words = Pick<MessageRow, 'content' | 'by'> & { key: string; mark?: Mark }

/** What an entry says in a bubble, if it does. */
function wordsOf(entry: Entry, later: Later): Words | undefined {
  switch (entry.type) {
    case 'message':
      return { content: entry.content, by: entry.by, key: entry.client_id }
    case 'postback':
      return { content: { kind: 'text', text: entry.label }, by: entry.by, key: entry.client_id }
    case 'held': {
      const released = later.reviewed.get(entry.seq)
      const words = { content: entry.content, by: entry.by, key: entry.client_id }
      return released ? words : { ...words, mark: released === undefined ? 'held' : 'withheld' }
    }
    case 'reviewed':
      // The visitor's own stands where it was written; another's appears when it is released.
      if (!entry.released || !entry.content || entry.author.kind === 'visitor') return undefined
      return { content: entry.content, by: entry.author, key: entry.id }
    default:
      return undefined
  }
}

function lineOf(entry: Entry): Line | undefined {
  switch (entry.type) {
    case 'assigned': {
      const what = entry.reason === 'transfer' ? 'tookOver' : 'joined'
      return entry.reason === 'return'
        ? undefined
        : { what, agent: entry.agent, name: entry.name ?? undefined }
    }
    case 'queued':
      return { what: entry.reason === 'agent_gone' ? 'waitingAgain' : 'waiting' }
    case 'bot_called':
      return { what: 'botCalled' }
    case 'closed':
      return { what: 'closed' }
    case 'reopened':
      return { what: 'reopened' }
    default:
      return undefined
  }
}

/** What most rows are not. */
const PLAIN = {
  kind: 'message',
  conversation: undefined,
  seq: undefined,
  first: true,
  last: true,
  mark: undefined,
  pending: undefined,
  streaming: false,
  pressed: undefined,
  good: undefined,
} as const

function storedRow(entry: Entry, words: Words, log: Log, later: Later, read: number): MessageRow {
  const own = words.by.kind === 'visitor'
  return {
    ...PLAIN,
    key: words.key,
    conversation: log.id,
    seq: entry.seq,
    by: words.by,
    own,
    at: entry.at,
    content: words.content,
    mark: own ? (words.mark ?? markOf(entry.seq, log.delivered, read)) : undefined,
    pressed: later.pressed.get(entry.seq),
    good: later.good.get(entry.seq),
  }
}

/** A message that is not stored yet, as it is shown. */
export function pendingRow(pending: Pending, content: Content): MessageRow {
  return {
    ...PLAIN,
    key: pending.clientId,
    conversation: pending.conversation,
    by: { kind: 'visitor' },
    own: true,
    at: new Date(pending.at).toISOString(),
    content,
    mark: pending.status,
    pending,
  }
}

/** What the AI agent is writing, as it is shown: the entry that comes of it has the same key. */
export function streamedRow(streaming: Streaming): MessageRow {
  return {
    ...PLAIN,
    key: streaming.turn,
    by: { kind: 'bot' },
    own: false,
    at: new Date().toISOString(),
    content: { kind: 'text', text: streaming.text },
    streaming: true,
  }
}

/** The rows of one log, without days and groups. */
export function logRows(log: Log, me: string | undefined): Row[] {
  const later = laterWords(log.entries)
  // Who answers has read what was there.
  const answer = log.entries.findLast(
    (entry) => 'type' in entry && entry.type === 'message' && entry.by.kind === 'agent',
  )
  const read = Math.max(othersRead(log.read, me), answer?.seq ?? 0)
  const rows: Row[] = []
  for (const view of log.entries) {
    const entry = visible(view)
    const words = entry && wordsOf(entry, later)
    const line = entry && lineOf(entry)
    if (words) rows.push(storedRow(entry, words, log, later, read))
    else if (line) rows.push({ kind: 'line', key: entry.id, at: entry.at, line })
  }
  return rows
}

function sameAuthor(one: Row | undefined, other: Row | undefined): boolean {
  if (one?.kind !== 'message' || other?.kind !== 'message') return false
  return one.by.kind === other.by.kind && one.by.id === other.by.id && near(one.at, other.at)
}

/** Marks where days begin and who wrote several in a row. */
export function grouped(rows: readonly Row[]): Row[] {
  const out: Row[] = []
  let day = ''
  for (const [index, row] of rows.entries()) {
    const today = new Date(row.at).toDateString()
    const newDay = today !== day
    if (newDay) out.push({ kind: 'day', key: `day ${today}`, at: row.at })
    day = today
    if (row.kind !== 'message') {
      out.push(row)
      continue
    }
    const next = rows[index + 1]
    const goesOn = next !== undefined && new Date(next.at).toDateString() === today && sameAuthor(row, next)
    out.push({ ...row, first: newDay || !sameAuthor(rows[index - 1], row), last: !goesOn })
  }
  return out
}

/** What a card's button says, by what it sends back. */
export function labelOf(entries: readonly EntryView[], card: number, value: string): string | undefined {
  const entry = entries.find(({ seq }) => seq === card)
  if (!entry || !('content' in entry) || entry.content?.kind !== 'card') return undefined
  return entry.content.buttons?.find(({ postback }) => postback === value)?.label
}

/** What the visitor last said of how they were served. */
export function ratingOf(
  entries: readonly EntryView[],
): { score: number; comment: string | undefined } | undefined {
  for (const view of [...entries].reverse()) {
    const entry = visible(view)
    if (entry?.type === 'rated') return { score: entry.score, comment: entry.comment ?? undefined }
  }
  return undefined
}

/** Messages by others after `read` and after the visitor's own last one: who writes has seen what was there. */
export function unreadIn(entries: readonly EntryView[], read: number): number {
  let count = 0
  for (const view of [...entries].reverse()) {
    const entry = visible(view)
    if (!entry) continue
    if (entry.seq <= read || entry.by.kind === 'visitor') break
    if (entry.type === 'message' || (entry.type === 'reviewed' && entry.released)) count += 1
  }
  return count
}
