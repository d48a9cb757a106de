import type { ListRow, State } from '@deskwire/sdk'
import { describe, expect, it, vi } from 'vitest'
import { readFilters } from '../src/app/inboxFilters'
import { may } from '../src/chat/actions/may'
import { Rows } from '../src/chat/rows'
import { belongs, paramsOf, sorted, type Viewer } from '../src/chat/views'

const viewer: Viewer = { agent: 'agt_me', teams: ['tea_a'], allTeams: false }

function row(state: Partial<State>, fields: Partial<ListRow> = {}): ListRow {
  return {
    conversation: 'cnv_1',
    contact: 'con_1',
    head: 1,
    created: '2026-11-25T08:00:00Z',
    updated: '2026-11-25T08:00:00Z',
    state: {
      status: 'queued',
      contact: 'con_1',
      inbox: 'inb_1',
      team: 'tea_a',
      priority: 0,
      since: '2026-11-25T08:00:00Z',
      waiting_since: '2026-11-25T08:00:00Z',
      ...state,
    },
    ...fields,
  }
}

const offered = row({
  status: 'transferring',
  assignee: 'agt_other',
  transfer: { to: { agent: 'agt_me' }, until: '2026-11-25T08:01:00Z' },
})

describe('which list a conversation belongs to', () => {
  const at = (one: ListRow, view: string) => belongs(one, view, {}, viewer)

  it('is mine while I serve it, and when it is offered to me', () => {
    expect(at(row({ status: 'active', assignee: 'agt_me' }), 'mine')).toBe(true)
    expect(at(offered, 'mine')).toBe(true)
    expect(at(row({ status: 'active', assignee: 'agt_other' }), 'mine')).toBe(false)
    // In the queue it is nobody's, whoever had it last.
    expect(at(row({ status: 'queued', assignee: 'agt_me' }), 'mine')).toBe(false)
  })

  it('waits in the queues of my teams only, unless I see all', () => {
    expect(at(row({}), 'unassigned')).toBe(true)
    expect(at(row({ team: 'tea_b' }), 'unassigned')).toBe(false)
    expect(belongs(row({ team: 'tea_b' }), 'unassigned', {}, { ...viewer, allTeams: true })).toBe(true)
  })

  it('leaves a team and "all" when it is closed, unless closed ones are asked for', () => {
    const closed = row({ status: 'closed' })
    expect(at(closed, 'tea_a')).toBe(false)
    expect(at(closed, 'all')).toBe(false)
    expect(belongs(closed, 'all', { status: 'closed' }, viewer)).toBe(true)
    expect(belongs(closed, 'tea_a', { status: 'closed' }, viewer)).toBe(true)
    expect(belongs(closed, 'tea_b', { status: 'closed' }, viewer)).toBe(false)
  })

  it('is narrowed by label, team and assignee', () => {
    const labelled = row({ labels: ['vip'], assignee: 'agt_me', status: 'active' })
    expect(belongs(labelled, 'all', { label: 'vip' }, viewer)).toBe(true)
    expect(belongs(labelled, 'all', { label: 'other' }, viewer)).toBe(false)
    expect(belongs(labelled, 'all', { assignee: 'me' }, viewer)).toBe(true)
    expect(belongs(labelled, 'all', { team: 'tea_b' }, viewer)).toBe(false)
  })

  it('is asked for in the same words', () => {
    expect(paramsOf('mine', {})).toMatchObject({ assignee: 'me', status: 'active,transferring' })
    expect(paramsOf('tea_a', { q: 'ada' })).toMatchObject({ team: 'tea_a', q: 'ada' })
  })
})

describe('order', () => {
  it('serves the higher priority first, then who waits longest', () => {
    const rows = [
      row({ priority: 0, waiting_since: '2026-11-25T07:00:00Z' }, { conversation: 'cnv_old' }),
      row({ priority: 5, waiting_since: '2026-11-25T08:00:00.5Z' }, { conversation: 'cnv_late' }),
      row({ priority: 5, waiting_since: '2026-11-25T08:00:00Z' }, { conversation: 'cnv_vip' }),
    ]
    expect(sorted(rows, 'priority').map((one) => one.conversation)).toEqual([
      'cnv_vip',
      'cnv_late',
      'cnv_old',
    ])
  })
})

describe('rows', () => {
  it('keep the newest version, whichever comes last', () => {
    const rows = new Rows()
    rows.put([row({ status: 'active' }, { head: 5 })])
    rows.put([row({ status: 'queued' }, { head: 3 })])
    expect(rows.get('cnv_1')?.state.status).toBe('active')
    expect(rows.version).toBe(1)
  })

  it('take a name that came with the same entry', () => {
    const rows = new Rows()
    rows.put([row({}, { head: 5 })])
    rows.put([row({}, { head: 5, contact_name: 'Ada' })])
    expect(rows.get('cnv_1')?.contact_name).toBe('Ada')
  })

  it('follow the log, which is ahead of the lists', () => {
    const rows = new Rows()
    rows.put([row({}, { head: 2, preview: 'before' })])
    const { state } = row({ status: 'active', assignee: 'agt_me' })
    const entry = {
      id: 'msg_3',
      conversation: 'cnv_1',
      at: '2026-11-25T09:00:00Z',
      by: { kind: 'visitor' },
    } as const
    const content = { kind: 'text', text: 'after' } as const
    rows.apply({ ...entry, seq: 3, state, type: 'message', client_id: 'x', content })
    expect(rows.get('cnv_1')).toMatchObject({ head: 3, preview: 'after', state: { assignee: 'agt_me' } })
    rows.apply({
      ...entry,
      seq: 2,
      state,
      type: 'message',
      client_id: 'y',
      content: { kind: 'text', text: 'old' },
    })
    expect(rows.get('cnv_1')?.preview).toBe('after')
  })
})

describe('telling of rows', () => {
  it('is done at once, and of a burst together', () => {
    vi.useFakeTimers({ now: 1_000_000 })
    const rows = new Rows()
    const told = vi.fn()
    rows.subscribe(told)
    for (let head = 1; head <= 50; head += 1) rows.put([row({}, { head })])
    expect(told).toHaveBeenCalledTimes(1)
    vi.runAllTimers()
    expect(told).toHaveBeenCalledTimes(2)
    expect(rows.get('cnv_1')?.head).toBe(50)
    vi.useRealTimers()
  })

  it('keeps open ones, however many closed ones pass', () => {
    const rows = new Rows()
    rows.put([row({}, { conversation: 'cnv_open', updated: '2020-01-01T00:00:00Z' })])
    for (let n = 0; n < 12_000; n += 1) rows.put([row({ status: 'closed' }, { conversation: `cnv_${n}` })])
    expect(rows.get('cnv_open')).toBeDefined()
    expect([...rows.all()].length).toBeLessThanOrEqual(5_000)
  })
})

describe('what may be done', () => {
  it('follows who has it and who one is', () => {
    const others = row({ status: 'active', assignee: 'agt_other' }).state
    expect(may(others, viewer, 'agent')).toMatchObject({ reply: false, close: false, transfer: false })
    expect(may(others, viewer, 'supervisor')).toMatchObject({ reply: true, close: true, transfer: true })
    expect(may(row({ team: 'tea_b' }).state, viewer, 'agent').accept).toBe(false)
    expect(may(row({}).state, viewer, 'agent')).toMatchObject({ accept: true, reply: false })
    expect(may(offered.state, viewer, 'agent')).toMatchObject({ accept: true, decline: true })
    expect(may(row({ status: 'closed', assignee: 'agt_me' }).state, viewer, 'agent')).toMatchObject({
      reply: false,
      reopen: true,
    })
  })
})

describe('filters in the address', () => {
  it('are read as far as they are known', () => {
    expect(readFilters({ q: 'ada', status: 'closed', sort: 'waiting', label: 7, other: 'x' })).toEqual({
      q: 'ada',
      status: 'closed',
      sort: 'waiting',
      label: '7',
    })
    expect(readFilters({ status: 'nonsense', sort: {}, q: '' })).toEqual({})
  })
})
