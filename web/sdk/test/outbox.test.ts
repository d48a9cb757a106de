/** What is to be sent outlives the page, is refused with a reason, and waits where waiting helps. */

import { expect, test } from 'vitest'
import type { Content, Credentials } from '../src/types'
import { type Profile, type Tab, World } from './world'

const text = (words: string) => ({ kind: 'text' as const, text: words })

async function visitor(world: World, profile?: Profile): Promise<Tab> {
  const tab = world.tab('visitor', profile, { share: false, lazy: false })
  tab.desk.start()
  await world.clock.pass(1)
  return tab
}

async function say(world: World, tab: Tab, words: string): Promise<string> {
  const [{ clientId }] = await Promise.all([tab.desk.send(text(words)), world.clock.pass(0.01)])
  return clientId
}

test('what was composed without a network is sent after a reload, in order', async () => {
  const world = new World(1)
  const before = await visitor(world)
  await say(world, before, 'one')
  await world.clock.pass(1)
  world.restart(20, false)
  const [two, three] = [await say(world, before, 'two'), await say(world, before, 'three')]
  expect(before.desk.outbox.map(({ clientId, status }) => [clientId, status])).toEqual([
    [two, 'queued'],
    [three, 'queued'],
  ])
  expect(before.desk.current?.pending).toHaveLength(2)
  before.close()
  const after = world.tab('visitor', before.profile, { share: false })
  after.desk.start()
  await world.clock.pass(0.5)
  expect(after.desk.outbox.map(({ clientId }) => clientId)).toEqual([two, three])
  await world.clock.pass(120)
  expect(after.desk.outbox).toEqual([])
  const said = after.desk.current?.entries.flatMap((entry) => ('client_id' in entry ? entry.client_id : []))
  expect([world.server.stored.get(two), world.server.stored.get(three)]).toEqual([1, 1])
  expect(said).toEqual([two, three])
})

test('a reload between the frame and its ack sends the same two, and stores nothing twice', async () => {
  const world = new World(2)
  const before = await visitor(world)
  await say(world, before, 'one')
  await world.clock.pass(1)
  world.weather = { ...world.weather, dropAck: 1, dropPush: 1 }
  const two = await say(world, before, 'two')
  await world.clock.pass(1)
  expect(world.server.stored.get(two)).toBe(1)
  expect(before.desk.outbox[0]?.status).toBe('sending')
  before.close()
  world.weather = { ...world.weather, dropAck: 0, dropPush: 0 }
  const after = await visitor(world, before.profile)
  await world.clock.pass(10)
  const sent = world.frames.flatMap(({ frame }) =>
    frame.action === 'send' && frame.client_id === two ? frame : [],
  )
  expect(sent).toHaveLength(2)
  expect(sent[1]).toEqual(sent[0])
  expect([world.server.stored.get(two), after.desk.outbox.length]).toEqual([1, 0])
})

test('what is refused for good stays with its reason, holds up nothing, and can be tried again or thrown away', async () => {
  const world = new World(3)
  const tab = await visitor(world)
  world.refusal = 'content_refused'
  const bad = await say(world, tab, 'rude')
  const worse = await say(world, tab, 'ruder')
  await world.clock.pass(1)
  world.refusal = undefined
  expect(tab.desk.outbox.map(({ status, problem }) => [status, problem?.code])).toEqual([
    ['refused', 'content_refused'],
    ['refused', 'content_refused'],
  ])
  const good = await say(world, tab, 'kind')
  await world.clock.pass(1)
  expect(world.server.stored.get(good)).toBe(1)
  tab.close()
  const again = await visitor(world, tab.profile)
  expect(again.desk.outbox.map(({ status }) => status)).toEqual(['refused', 'refused'])
  await Promise.all([again.desk.retry(bad), again.desk.discard(worse), world.clock.pass(2)])
  expect([world.server.stored.get(bad), world.server.stored.get(worse)]).toEqual([1, undefined])
  expect(again.desk.outbox).toEqual([])
})

test('what may succeed later is tried until it does', async () => {
  const world = new World(4)
  const tab = await visitor(world)
  world.refusal = 'rate_limited'
  const id = await say(world, tab, 'eager')
  await world.clock.pass(30)
  expect(tab.desk.outbox[0]).toMatchObject({ status: 'queued', problem: { code: 'rate_limited' } })
  world.refusal = undefined
  await world.clock.pass(5)
  expect(world.server.stored.get(id)).toBe(1)
})

test('what cannot be taken is said before it is kept', async () => {
  const world = new World(5)
  const tab = await visitor(world)
  await expect(tab.desk.send(text('x'.repeat(2_000_000)))).rejects.toMatchObject({ code: 'text_too_long' })
  await expect(tab.desk.send(text('😀'.repeat(8_001)))).rejects.toMatchObject({ code: 'text_too_long' })
  for (const empty of [text('  \n '), { kind: 'text' } as Content])
    await expect(tab.desk.send(empty)).rejects.toMatchObject({ code: 'empty' })
  for (const wrong of [undefined, null, 'Hello', {}] as unknown[]) {
    await expect(tab.desk.send(wrong as Content)).rejects.toMatchObject({ code: 'invalid_field' })
  }
  expect(tab.desk.outbox).toEqual([])
  await Promise.all([tab.desk.send(text('😀'.repeat(7_000))), world.clock.pass(1)])
  expect(tab.desk.outbox).toEqual([])
})

/** A person whom the company vouches for. */
function person(sub: string): { credentials: Credentials; share: false } {
  const jwt = `x.${btoa(JSON.stringify({ iss: 'https://shop.example', sub }))}.y`
  return { credentials: { kind: 'company', token: async () => jwt, scope: 'visitor' }, share: false }
}

test('what one person wrote before anybody knew who they are is not sent by the next', async () => {
  const world = new World(6)
  world.up = false
  const ada = world.tab('visitor', undefined, person('ada'))
  ada.desk.start()
  await world.clock.pass(1)
  const id = await say(world, ada, 'from Ada')
  ada.close()
  world.up = true
  const bob = world.tab('visitor', ada.profile, person('bob'))
  bob.desk.start()
  await world.clock.pass(60)
  expect([bob.desk.connection.state, bob.desk.outbox]).toEqual(['online', []])
  expect(world.server.stored.get(id)).toBeUndefined()
  bob.close()
  const again = world.tab('visitor', ada.profile, person('ada'))
  again.desk.start()
  await world.clock.pass(60)
  expect([world.server.stored.get(id), again.desk.me?.id]).toEqual([1, 'con_ada'])
})

test('who signs out and leaves the page at once leaves nothing behind', async () => {
  const world = new World(7)
  world.up = false
  const before = await visitor(world)
  const id = await say(world, before, 'never mind')
  void before.desk.signOut()
  expect([before.desk.outbox, before.profile.kept.size]).toEqual([[], 1])
  before.close()
  world.up = true
  const next = await visitor(world, before.profile)
  await world.clock.pass(60)
  expect(next.desk.outbox).toEqual([])
  expect(world.server.stored.get(id)).toBeUndefined()
  await say(world, next, 'hello')
  await world.clock.pass(1)
  void next.desk.signOut()
  expect([...next.profile.kept.keys()].filter((key) => key.endsWith(':visitor'))).toEqual([])
})

test('an identity that comes after one has signed out is not kept', async () => {
  const world = new World(8)
  world.weather = { ...world.weather, delay: 3 }
  const tab = world.tab('visitor', undefined, { share: false, lazy: false })
  tab.desk.start()
  await world.clock.settle()
  void tab.desk.signOut()
  await world.clock.pass(20)
  expect([tab.desk.me, tab.profile.kept.size, world.opened]).toEqual([undefined, 0, 0])
})

test('what is on its way when one disconnects is not refused: it waits for the next start', async () => {
  const world = new World(9)
  const tab = await visitor(world)
  world.weather = { ...world.weather, dropFrame: 1 }
  const id = await say(world, tab, 'wait')
  await Promise.all([tab.desk.stop(), world.clock.pass(1)])
  expect(tab.desk.outbox.map(({ status }) => status)).toEqual(['queued'])
  world.weather = { ...world.weather, dropFrame: 0 }
  tab.desk.start()
  await world.clock.pass(5)
  expect(world.server.stored.get(id)).toBe(1)
})
