/** How a connection is kept, found dead, and had again. */

import { expect, test } from 'vitest'
import { CALM, type Tab, World } from './world'

const alone = { share: false, storage: 'memory' as const }

async function online(world: World, who: Tab['who'] = 'agent', options = {}): Promise<Tab> {
  const tab = world.tab(who, undefined, { ...alone, lazy: false, ...options })
  tab.desk.start()
  await world.clock.pass(1)
  expect(tab.desk.connection.state).toBe('online')
  return tab
}

const pings = (world: World) => world.frames.filter(({ frame }) => frame.action === 'ping').length
const hear = (tab: Tab, news: 'visible' | 'online') => tab.profile.ears.get(tab)?.(news)

test('an agent pings as the server asks, a visitor often enough for API Gateway', async () => {
  const world = new World(1)
  await online(world)
  await world.clock.pass(300)
  expect(pings(world)).toBe(10)
  const quiet = new World(1)
  await online(quiet, 'visitor')
  await quiet.clock.pass(600)
  expect(pings(quiet)).toBe(2)
})

test('a socket that looks open and is not is found and replaced', async () => {
  const world = new World(2)
  const tab = await online(world)
  for (const socket of tab.sockets) socket.deaf = true
  await world.clock.pass(30 + 15 + 3)
  expect(tab.desk.connection.state).toBe('online')
  expect(world.opened).toBe(2)
})

test('who sends much to a dead socket does not keep it', async () => {
  const world = new World(2)
  const tab = await online(world)
  for (const socket of tab.sockets) socket.deaf = true
  for (let second = 0; second < 16; second += 1) {
    tab.desk.do({ action: 'presence', status: 'online' }).catch(() => {})
    await world.clock.pass(1)
  }
  await world.clock.pass(3)
  expect(world.opened).toBe(2)
})

test('a page that slept looks at once whether its socket is alive', async () => {
  const world = new World(3)
  const tab = await online(world)
  await world.clock.pass(10)
  for (const socket of tab.sockets) socket.deaf = true
  hear(tab, 'visible')
  await world.clock.pass(4 + 3)
  expect(world.opened).toBe(2)
})

test('a clock that jumps says that the machine slept', async () => {
  const world = new World(4)
  const tab = await online(world, 'visitor')
  for (const socket of tab.sockets) socket.deaf = true
  await world.clock.pass(15)
  // Two hours in which no timer ran.
  world.clock.now += 2 * 3600 * 1000
  await world.clock.pass(12 + 4 + 3)
  expect(world.opened).toBe(2)
  expect(tab.desk.connection.state).toBe('online')
})

test('it waits its turn after a crash, but not when the network comes back or somebody writes', async () => {
  const world = new World(5)
  const tab = await online(world, 'visitor')
  world.restart(0.5, false)
  expect(tab.desk.connection.state).toBe('waiting')
  expect(tab.desk.connection.retryAt).toBeGreaterThan(world.clock.now)
  await world.clock.pass(0.6)
  hear(tab, 'online')
  await world.clock.pass(0.5)
  expect(tab.desk.connection.state).toBe('online')
  world.restart(0.5, false)
  await world.clock.pass(0.6)
  await Promise.all([tab.desk.send({ kind: 'text', text: 'Hello?' }), world.clock.pass(1)])
  expect(tab.desk.connection.state).toBe('online')
  expect(tab.desk.outbox).toEqual([])
})

test('when the server says when, it comes within that time', async () => {
  const world = new World(6)
  const tab = await online(world)
  world.restart(0.1, true)
  await world.clock.pass(0.2)
  expect(tab.desk.connection.state).toBe('waiting')
  await world.clock.pass(5)
  expect(tab.desk.connection.state).toBe('online')
})

test('a token is renewed before its end, over a new connection', async () => {
  const world = new World(8)
  let exchanges = 0
  const token = async () => {
    exchanges += 1
    return 'jwt'
  }
  const tab = await online(world, 'agent', { credentials: { kind: 'company', token, scope: 'agent' } })
  await world.clock.pass(3600)
  expect([exchanges, world.opened]).toEqual([2, 2])
  expect(tab.desk.connection.state).toBe('online')
})

test('who is refused is told why, and may try again', async () => {
  const world = new World(9)
  world.refusesSignOn = true
  const tab = world.tab('agent', undefined, alone)
  tab.desk.start()
  await world.clock.pass(60)
  expect(tab.desk.connection).toMatchObject({
    state: 'refused',
    problem: { code: 'sign_on_refused', status: 401 },
  })
  world.refusesSignOn = false
  tab.desk.start()
  await world.clock.pass(1)
  expect(tab.desk.connection.state).toBe('online')
})

test('an anonymous visitor is nobody before the first use', async () => {
  const world = new World(10)
  const tab = world.tab('visitor', undefined, { share: false })
  tab.desk.start()
  await world.clock.pass(60)
  expect([tab.desk.connection.state, world.opened, tab.profile.kept.size]).toEqual(['idle', 0, 0])
  await Promise.all([tab.desk.send({ kind: 'text', text: 'Hello' }), world.clock.pass(1)])
  expect([tab.desk.connection.state, tab.desk.current?.entries.length]).toEqual(['online', 3])
  const later = world.tab('visitor', tab.profile, { share: false })
  later.desk.start()
  await world.clock.pass(1)
  expect([later.desk.me?.id, later.desk.current?.id]).toEqual([tab.desk.me?.id, tab.desk.current?.id])
  await Promise.all([later.desk.signOut(), world.clock.pass(1)])
  expect([later.desk.connection.state, later.desk.current, tab.profile.kept.size]).toEqual([
    'idle',
    undefined,
    0,
  ])
})

test('a push that is lost, and after which nothing comes, is found', async () => {
  const world = new World(11)
  const tab = await online(world, 'visitor')
  await Promise.all([tab.desk.send({ kind: 'text', text: 'Hello' }), world.clock.pass(1)])
  world.weather = { ...CALM, dropPush: 1 }
  const [log] = world.server.logs.values()
  if (!log) throw new Error('a conversation')
  world.server.append(log, undefined, { type: 'reopened' }, 'active')
  await world.clock.pass(250)
  expect(tab.desk.current?.entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4])
})

test('a gap is asked for as soon as it shows, and two pushes that overtake each other are none', async () => {
  const world = new World(12)
  const tab = await online(world, 'visitor')
  await Promise.all([tab.desk.send({ kind: 'text', text: 'Hello' }), world.clock.pass(1)])
  const [log] = world.server.logs.values()
  if (!log) throw new Error('a conversation')
  const syncs = () => world.frames.filter(({ frame }) => frame.action === 'sync').length
  const before = syncs()
  world.weather = { ...CALM, dropPush: 1 }
  world.server.append(log, undefined, { type: 'closed' }, 'closed')
  world.weather = CALM
  world.server.append(log, undefined, { type: 'reopened' }, 'active')
  await world.clock.pass(0.5)
  expect([tab.desk.current?.entries.length, syncs() - before]).toEqual([5, 1])
  const [first, second] = [6, 7].map(() => world.server.append(log, undefined, { type: 'woken' }, 'active'))
  if (!first || !second) throw new Error('two entries')
  await world.clock.pass(0.5)
  expect([tab.desk.current?.entries.length, syncs() - before]).toEqual([7, 1])
})

test('a handler that is no function is refused where it is given', () => {
  const { desk } = new World(13).tab('visitor', undefined, { share: false })
  expect(() => desk.on('entry', undefined as unknown as () => void)).toThrow(
    new TypeError('on needs a function.'),
  )
})

test('what the AI agent writes is shown only while it has the conversation', async () => {
  const world = new World(14)
  const tab = await online(world, 'visitor')
  await Promise.all([tab.desk.send({ kind: 'text', text: 'Hello' }), world.clock.pass(1)])
  const [log] = world.server.logs.values()
  if (!log) throw new Error('a conversation')
  const writes = async (turn: string, at: number, text: string) => {
    for (const socket of tab.sockets)
      socket.deliver({ type: 'delta', conversation: log.id, turn, at, text, dropped: false })
    await world.clock.pass(0.1)
    return tab.desk.current?.streaming?.text
  }
  world.server.append(log, undefined, { type: 'bot_called' }, 'bot')
  await world.clock.pass(0.1)
  expect(await writes('one', 0, 'Let me ')).toBe('Let me ')
  world.server.append(log, undefined, { type: 'assigned', agent: 'agt_1' }, 'active')
  await world.clock.pass(0.1)
  expect(tab.desk.current?.streaming).toBeUndefined()
  expect(await writes('one', 7, 'look.')).toBeUndefined()
  // A turn of which nothing had come before an agent took over.
  expect(await writes('two', 0, 'I am late')).toBeUndefined()
})
