import type { Conversation, Deskwire, EntryView, ListRow, State } from '@deskwire/sdk'
import { expect, it, vi } from 'vitest'
import { follow, Rows } from '../src/chat/rows'
import type { Viewer } from '../src/chat/views'

const viewer: Viewer = { agent: 'agt_me', teams: ['tea_mine'], allTeams: false }
const AT = '2026-11-30T08:00:00Z'

/** A state in another team. */
function stateOf(fields: Partial<State>): State {
  return {
    status: 'active',
    contact: 'con_1',
    inbox: 'inb_1',
    team: 'tea_other',
    priority: 0,
    since: AT,
    waiting_since: AT,
    ...fields,
  }
}

const offered = stateOf({
  status: 'transferring',
  assignee: 'agt_other',
  transfer: { to: { agent: 'agt_me' }, until: '2026-11-30T08:01:00Z' },
})

function rowOf(state: State, head: number): ListRow {
  return {
    conversation: 'cnv_1',
    contact: 'con_1',
    contact_name: 'Grace',
    head,
    state,
    updated: AT,
    created: AT,
  }
}

/** A desk that says what it is told to, and answers what it has. */
function deskWith(answers: Record<string, unknown>) {
  const handlers = new Map<string, ((value: never) => void)[]>()
  const http = vi.fn(async (_: string, path: string) => answers[path] ?? { data: [] })
  const desk = {
    on: (name: string, handler: (value: never) => void) => {
      handlers.set(name, [...(handlers.get(name) ?? []), handler])
      return () => undefined
    },
    http,
    conversations: new Map<string, Conversation>(),
    connection: { state: 'idle' },
  } as unknown as Deskwire
  const say = (name: string, value: unknown) => {
    for (const handler of handlers.get(name) ?? []) handler(value as never)
  }
  return { desk, http, say }
}

/** A conversation as its entries tell it. */
function conversationIn(state: State, entries: Partial<EntryView>[] = []): Conversation {
  return { id: 'cnv_1', state, entries } as unknown as Conversation
}

it('an offer from another team becomes a row, though no list tells of it', async () => {
  const row = rowOf(stateOf({ assignee: 'agt_other' }), 4)
  const { desk, http, say } = deskWith({
    '/v1/conversations/cnv_1': { id: 'cnv_1', head: 5, state: offered, row },
  })
  const rows = new Rows()
  follow(desk, rows, viewer)
  const conversation = conversationIn(offered)
  say('conversation', conversation)
  say('conversation', conversation)
  await vi.waitFor(() => expect(rows.get('cnv_1')).toMatchObject({ head: 5, contact_name: 'Grace' }))
  expect(rows.get('cnv_1')?.state).toEqual(offered)
  expect(http).toHaveBeenCalledTimes(1)
})

it('one that is given to the agent is a row before it is projected, and changes with what comes meanwhile', async () => {
  const given = stateOf({ assignee: 'agt_me' })
  const { desk, say } = deskWith({ '/v1/conversations/cnv_1': { id: 'cnv_1', head: 5, state: given } })
  const rows = new Rows()
  follow(desk, rows, viewer)
  const said = { type: 'message', content: { kind: 'text', text: 'Hello?' } }
  const entry = { ...said, conversation: 'cnv_1', seq: 6, at: AT, state: given } as Partial<EntryView>
  say('conversation', conversationIn(given, [entry]))
  await vi.waitFor(() =>
    expect(rows.get('cnv_1')).toMatchObject({ head: 6, contact: 'con_1', preview: 'Hello?' }),
  )
})

it('what concerns somebody else is not asked for', () => {
  const { desk, http, say } = deskWith({})
  follow(desk, new Rows(), viewer)
  say('conversation', conversationIn(stateOf({ assignee: 'agt_other' })))
  expect(http).not.toHaveBeenCalled()
})

it('with each connection the offers are found that nobody was here to hear', async () => {
  const path = '/v1/conversations?status=transferring&limit=100'
  const others = { ...rowOf({ ...offered, transfer: null }, 3), conversation: 'cnv_2' }
  const { desk, say } = deskWith({ [path]: { data: [rowOf(offered, 5), others] } })
  const rows = new Rows()
  follow(desk, rows, viewer)
  say('connection', { state: 'online' })
  await vi.waitFor(() => expect(rows.get('cnv_1')).toBeDefined())
  expect(rows.get('cnv_2')).toBeUndefined()
})
