/** The SDK against a real Deskwire, where `DESKWIRE_URL` says where one is; `DESKWIRE_AGENT` is a company's JWT of an agent. */

import { describe, expect, test } from 'vitest'
import WebSocket from 'ws'
import { Deskwire, type Entry, type EntryView, type Options } from '../src'
import { browser, type Socket } from '../src/platform'

const url = process.env.DESKWIRE_URL
const agentToken = process.env.DESKWIRE_AGENT

/** Milliseconds that a thing may take on a busy machine. */
const PATIENCE = 20_000

/** The token that the last call carried; the SDK shows it to nobody. */
let lastToken = ''

function client(credentials: Options['credentials'], more: Partial<Options> = {}) {
  const platform = {
    ...browser(),
    socket: (at: string) => new WebSocket(at) as unknown as Socket,
    fetch: (at: string, init: RequestInit) => {
      const header = new Headers(init.headers).get('authorization')
      lastToken = header?.replace('Bearer ', '') ?? lastToken
      return fetch(at, init)
    },
  }
  const options = { url: url ?? '', account: 'acc_demo', storage: 'memory' as const, credentials, ...more }
  return new Deskwire(options, platform)
}

/** The words of an entry. */
function words(entry: EntryView): string | undefined {
  return 'type' in entry && entry.type === 'message' && 'text' in entry.content
    ? (entry.content.text ?? undefined)
    : undefined
}

/** The first entry that fits, from now on. */
function heard(desk: Deskwire, fits: (entry: Entry) => boolean): Promise<Entry> {
  return new Promise((resolve) => {
    const off = desk.on('entry', (entry) => {
      if (!('type' in entry) || !fits(entry)) return
      off()
      resolve(entry)
    })
  })
}

/** Resolves when something holds, looked at whenever a conversation changes. */
function until(desk: Deskwire, holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!holds()) return
      off()
      resolve()
    }
    const off = desk.on('conversation', look)
    look()
  })
}

function online(desk: Deskwire): Promise<void> {
  return new Promise((resolve, fail) => {
    desk.on('connection', ({ state, problem }) => {
      if (state === 'online') resolve()
      if (state === 'refused') fail(problem)
    })
    desk.start()
  })
}

describe.runIf(url)('a real Deskwire', () => {
  test('a visitor writes, reads the log, and comes back', { timeout: PATIENCE }, async () => {
    const visitor = client({ kind: 'anonymous' })
    const said = heard(visitor, (entry) => words(entry) === 'Good morning')
    visitor.start()
    expect(visitor.connection.state).toBe('idle')
    const pending = await visitor.send({ kind: 'text', text: 'Good morning' })
    expect(pending.status).toBe('queued')
    const entry = await said
    expect('client_id' in entry && entry.client_id).toBe(pending.clientId)
    expect(visitor.current?.id).toBe(entry.conversation)
    expect(visitor.outbox).toEqual([])
    expect(visitor.current?.entries.map((one) => one.seq)).toEqual(
      [1, 2].slice(0, visitor.current?.entries.length),
    )
    const again = client({ kind: 'access', token: lastToken })
    await online(again)
    await again.current?.open()
    expect(again.current?.entries.map(words)).toContain('Good morning')
    await visitor.stop()
    await again.stop()
  })

  test.runIf(agentToken)('a visitor and an agent talk', { timeout: PATIENCE }, async () => {
    const visitor = client({ kind: 'anonymous' })
    const agent = client({ kind: 'company', token: async () => agentToken ?? '', scope: 'agent' })
    await online(agent)
    await agent.presence('online', 200)
    const { data: teams } = await agent.http<{ data: { id: string }[] }>('GET', '/v1/teams')
    const rows = new Map<string, number>()
    agent.on('inbox', ({ row }) => rows.set(row.conversation, row.head))
    for (const { id } of teams) await agent.watch(id)
    visitor.start()
    const said = heard(visitor, (entry) => words(entry) === 'Is anybody there?')
    await visitor.send({ kind: 'text', text: 'Is anybody there?' })
    const { conversation } = await said
    const view = agent.conversation(conversation)
    await until(agent, () => view.state?.assignee === agent.me?.id)
    await until(visitor, () => visitor.current?.state?.status === 'active')
    await view.open()
    expect(view.entries.map(words)).toContain('Is anybody there?')
    agent.typing(conversation, true)
    await until(visitor, () => visitor.current?.typing.length === 1)
    expect(visitor.current?.typing.map(({ id }) => id)).toEqual([agent.me?.id])
    const answered = heard(visitor, (entry) => words(entry) === 'Yes, I am.')
    await agent.send({ kind: 'text', text: 'Yes, I am.' }, { conversation })
    const answer = await answered
    expect(visitor.current?.typing).toEqual([])
    visitor.read(conversation, answer.seq)
    await until(agent, () => view.delivered >= answer.seq)
    await agent.note(conversation, { text: 'Friendly.' })
    await expect(agent.do({ action: 'decline', conversation })).rejects.toMatchObject({ name: 'Problem' })
    await until(visitor, () => visitor.current?.entries.some((entry) => 'hidden' in entry) === true)
    const seqs = visitor.current?.entries.map(({ seq }) => seq) ?? []
    expect(seqs).toEqual(seqs.map((_, index) => index + 1))
    const listed = new Promise<void>((resolve) => {
      agent.on('inbox', ({ row }) => {
        if (row.conversation === conversation && row.state.status === 'closed') resolve()
      })
    })
    await agent.do({ action: 'close', conversation })
    await listed
    expect(rows.get(conversation)).toBe(visitor.current?.head)
    await visitor.stop()
    await agent.stop()
  })
})
