import type { EntryView, Pending } from '@deskwire/sdk'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  grouped,
  type Log,
  logRows,
  markOf,
  othersRead,
  pendingRow,
  type Row,
  ratingOf,
  streamedRow,
  unreadIn,
} from '../src/model/rows'

const CONVERSATION = 'cnv_1'

/** A log of entries, written one minute after the other. */
function entries(...events: { type: string; by?: string; [more: string]: unknown }[]): EntryView[] {
  return events.map(({ by = 'visitor', ...event }, at) => {
    const place = { conversation: CONVERSATION, seq: at + 1 }
    if (event.type === 'hidden') return { ...place, hidden: true }
    const entry = {
      ...place,
      id: `msg_${at + 1}`,
      at: new Date(Date.UTC(2026, 10, 25, 9, at)).toISOString(),
      by: { kind: by, ...(by === 'agent' && { id: 'agt_1' }) },
      state: { status: 'active', since: '2026-11-25T09:00:00Z' },
      ...event,
    }
    return entry as unknown as EntryView
  })
}

function said(
  text: string,
  by = 'visitor',
): { type: string; by: string; content: unknown; client_id: string } {
  return { type: 'message', by, content: { kind: 'text', text }, client_id: `c ${text}` }
}

function log(all: EntryView[], more: Partial<Log> = {}): Log {
  return { id: CONVERSATION, entries: all, read: {}, delivered: 0, ...more }
}

const marks = (rows: Row[]): unknown[] =>
  rows.flatMap((row) => (row.kind === 'message' && row.own ? [row.mark] : []))

describe('marks', () => {
  it('say of what an agent has answered that it was read', () => {
    const all = entries(said('a'), said('b', 'bot'), said('c'), said('d', 'agent'), said('e'))
    expect(marks(logRows(log(all), undefined))).toEqual(['read', 'read', 'sent'])
  })

  it('never go back as more is delivered and read', () => {
    const order = ['sent', 'delivered', 'read']
    const nat = fc.nat({ max: 20 })
    fc.assert(
      fc.property(nat, nat, nat, nat, nat, (seq, delivered, read, moreDelivered, moreRead) => {
        const before = order.indexOf(markOf(seq, delivered, read))
        const after = order.indexOf(markOf(seq, delivered + moreDelivered, read + moreRead))
        expect(after).toBeGreaterThanOrEqual(before)
      }),
    )
  })

  it('are read only by others', () => {
    const all = entries(said('a'), said('b'), said('c'))
    expect(othersRead({ con_me: 3, agt_1: 1 }, 'con_me')).toBe(1)
    expect(marks(logRows(log(all, { read: { con_me: 3, agt_1: 1 }, delivered: 2 }), 'con_me'))).toEqual([
      'read',
      'delivered',
      'sent',
    ])
  })

  it('tell of what waits for a review', () => {
    const held = { ...said('x'), type: 'held' }
    const review = (of: number, released: boolean) => ({
      type: 'reviewed',
      by: 'agent',
      held: of,
      released,
      author: { kind: 'visitor' },
      content: { kind: 'text', text: 'x' },
    })
    const rows = logRows(log(entries(held, held, held, review(2, true), review(3, false))), undefined)
    expect(marks(rows)).toEqual(['held', 'sent', 'withheld'])
  })
})

describe('rows', () => {
  it('show what happened, and nothing of what is hidden', () => {
    const rows = logRows(
      log(
        entries(
          { type: 'opened', by: 'visitor' },
          said('hi'),
          { type: 'hidden' },
          { type: 'assigned', by: 'system', agent: 'agt_1', name: 'Anna', reason: 'accept' },
          said('hello', 'agent'),
          { type: 'assigned', by: 'system', agent: 'agt_2', name: 'Ben', reason: 'transfer' },
          { type: 'something_new', by: 'system' },
          { type: 'closed', by: 'agent' },
        ),
      ),
      undefined,
    )
    expect(rows.map((row) => (row.kind === 'line' ? row.line.what : row.kind))).toEqual([
      'message',
      'joined',
      'message',
      'tookOver',
      'closed',
    ])
  })

  it('know which button was pressed, and what was thought of an answer', () => {
    const rows = logRows(
      log(
        entries(
          { ...said('card', 'agent'), content: { kind: 'card', title: 'Order' } },
          { type: 'postback', card: 1, label: 'Yes', value: 'yes', client_id: 'p' },
          said('answer', 'bot'),
          { type: 'feedback', entry: 3, good: true, client_id: 'f' },
          { type: 'feedback', entry: 3, good: false, client_id: 'g' },
        ),
      ),
      undefined,
    ).flatMap((row) => (row.kind === 'message' ? [row] : []))
    expect(rows[0]?.pressed).toBe('yes')
    expect(rows[1]?.content).toEqual({ kind: 'text', text: 'Yes' })
    expect(rows[2]?.good).toBe(false)
  })

  it('keep their key from composing to the log, and from streaming to the answer', () => {
    const content = { kind: 'text', text: 'a' } as const
    const frame = { action: 'send', client_id: 'c a', after: 0, content } as const
    const pending: Pending = { clientId: 'c a', action: 'send', at: 0, status: 'sending', frame }
    expect(pendingRow(pending, content).key).toBe(logRows(log(entries(said('a'))), undefined)[0]?.key)
    const answer = logRows(log(entries({ ...said('b', 'bot'), client_id: 'turn' })), undefined)[0]
    expect(streamedRow({ turn: 'turn', text: '' }).key).toBe(answer?.key)
  })

  it('stand in groups of one author, within a day', () => {
    const rows = grouped(
      logRows(log(entries(said('a', 'agent'), said('b', 'agent'), said('c'), said('d', 'agent'))), undefined),
    )
    expect(rows[0]?.kind).toBe('day')
    expect(rows.flatMap((row) => (row.kind === 'message' ? [[row.first, row.last]] : []))).toEqual([
      [true, false],
      [false, true],
      [true, true],
      [true, true],
    ])
  })
})

describe('unread', () => {
  it('counts messages of others after what was read and after one’s own', () => {
    const all = entries(said('a'), said('b', 'agent'), { type: 'closed', by: 'agent' }, said('c', 'bot'))
    expect(unreadIn(all, 0)).toBe(2)
    expect(unreadIn(all, 2)).toBe(1)
    expect(unreadIn([...all, ...entries(said('d'))], 0)).toBe(0)
    expect(unreadIn([], 0)).toBe(0)
  })
})

describe('rating', () => {
  it('is what was said last', () => {
    const rated = (score: number, comment?: string) => ({ type: 'rated', score, comment, client_id: 'r' })
    expect(ratingOf(entries(rated(1, 'bad'), rated(5), said('x')))).toEqual({ score: 5, comment: undefined })
    expect(ratingOf(entries(said('x')))).toBeUndefined()
  })
})
