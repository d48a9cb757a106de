/** Tabs of one browser have one socket, and outlive each other. */

import { expect, test } from 'vitest'
import { type Tab, World } from './world'

const text = (words: string) => ({ kind: 'text' as const, text: words })

async function tabs(world: World, count: number): Promise<Tab[]> {
  const first = world.tab('visitor', undefined, { lazy: false })
  const all = [
    first,
    ...Array.from({ length: count - 1 }, () => world.tab('visitor', first.profile, { lazy: false })),
  ]
  for (const { desk } of all) {
    desk.start()
    await world.clock.pass(1)
  }
  expect(all.map(({ desk }) => desk.connection.state)).toEqual(all.map(() => 'online'))
  expect(world.sockets.size).toBe(1)
  return all
}

const words = ({ desk }: Tab) =>
  desk.current?.entries.flatMap((entry) => ('content' in entry ? entry.content : []))

async function say(world: World, tab: Tab, what: string): Promise<void> {
  await Promise.all([tab.desk.send(text(what)), world.clock.pass(1)])
}

test('what one tab says, and its state, is in all of them at once', async () => {
  const world = new World(1)
  const [first, second, third] = (await tabs(world, 3)) as [Tab, Tab, Tab]
  await say(world, second, 'from a follower')
  await say(world, first, 'from the leader')
  expect(words(first)).toEqual([text('from a follower'), text('from the leader')])
  expect(words(second)).toEqual(words(first))
  expect(words(third)).toEqual(words(first))
  const conversation = third.desk.current?.id ?? ''
  second.desk.read(conversation, 4)
  await world.clock.pass(1)
  expect(third.desk.current?.read[third.desk.me?.id ?? '']).toBe(4)
  expect(world.sockets.size).toBe(1)
})

test('when the tab with the socket goes, another has it, and nothing is lost', async () => {
  const world = new World(2)
  const [first, second, third] = (await tabs(world, 3)) as [Tab, Tab, Tab]
  await say(world, first, 'one')
  const going = third.desk.send(text('two'))
  await world.clock.pass(0.001)
  first.close()
  await Promise.all([going, world.clock.pass(5)])
  expect([second, third].map(({ desk }) => desk.connection.state)).toEqual(['online', 'online'])
  expect(words(second)).toEqual([text('one'), text('two')])
  expect(words(third)).toEqual(words(second))
  expect([...world.server.stored.values()]).toEqual([1, 1])
  expect(world.sockets.size).toBe(1)
})

test('a tab that is frozen is passed over', async () => {
  const world = new World(3)
  const [first, second] = (await tabs(world, 2)) as [Tab, Tab]
  first.profile.channels.frozen.add(first)
  await say(world, second, 'anybody?')
  second.profile.ears.get(second)?.('visible')
  await world.clock.pass(8)
  expect(second.desk.connection.state).toBe('online')
  expect(words(second)).toEqual([text('anybody?')])
  first.profile.channels.frozen.delete(first)
  first.profile.ears.get(first)?.('visible')
  await world.clock.pass(5)
  expect(first.desk.connection.state).toBe('online')
  expect(world.sockets.size).toBe(1)
  await say(world, first, 'I am back')
  expect(words(second)).toEqual([text('anybody?'), text('I am back')])
})

test('a team that two tabs watch is watched until the last stops', async () => {
  const world = new World(4)
  const first = world.tab('agent')
  const second = world.tab('agent', first.profile)
  for (const { desk } of [first, second]) {
    desk.start()
    await world.clock.pass(1)
    await Promise.all([desk.watch('tea_1'), world.clock.pass(1)])
  }
  await Promise.all([first.desk.unwatch('tea_1'), world.clock.pass(1)])
  const unwatched = () => world.frames.filter(({ frame }) => frame.action === 'unwatch').length
  expect(unwatched()).toBe(0)
  await Promise.all([second.desk.unwatch('tea_1'), world.clock.pass(1)])
  expect(unwatched()).toBe(1)
})

test('where locks are forbidden, each tab has a socket', async () => {
  const world = new World(6)
  const first = world.tab('visitor', undefined, { lazy: false })
  first.profile.locks.forbidden = true
  const second = world.tab('visitor', first.profile, { lazy: false })
  for (const { desk } of [first, second]) {
    desk.start()
    await world.clock.pass(1)
  }
  expect(world.sockets.size).toBe(2)
  await say(world, first, 'one')
  await say(world, second, 'two')
  expect(words(first)).toEqual([text('one'), text('two')])
  expect([...world.server.stored.values()]).toEqual([1, 1])
})

test('stopping hands over, and signing out is for all tabs', async () => {
  const world = new World(5)
  const [first, second] = (await tabs(world, 2)) as [Tab, Tab]
  await first.desk.stop()
  await world.clock.pass(2)
  expect([first.desk.connection.state, second.desk.connection.state]).toEqual(['idle', 'online'])
  first.desk.start()
  await world.clock.pass(2)
  expect(first.desk.connection.state).toBe('online')
  expect(world.sockets.size).toBe(1)
  await Promise.all([first.desk.signOut(), world.clock.pass(1)])
  expect([first, second].map(({ desk }) => desk.connection.state)).toEqual(['idle', 'idle'])
  expect(world.sockets.size).toBe(0)
})

test('who signs out in one tab is signed out in all: each is told, and takes nothing that would wait for ever', async () => {
  const world = new World(7)
  const [first, second] = (await tabs(world, 2)) as [Tab, Tab]
  await say(world, first, 'mine')
  const told: string[] = []
  first.desk.on('signedOut', () => told.push('first'))
  second.desk.on('signedOut', () => told.push('second'))
  const before = second.desk.me?.id
  await Promise.all([first.desk.signOut(), world.clock.pass(1)])
  expect(told).toEqual(['first', 'second'])
  for (const { desk } of [first, second]) {
    expect([desk.me, desk.current, desk.conversations.size]).toEqual([undefined, undefined, 0])
    await expect(desk.send(text('lost'))).rejects.toMatchObject({ code: 'stopped' })
    await expect(desk.http('GET', '/v1/conversations')).rejects.toMatchObject({ code: 'stopped' })
    expect(desk.outbox).toEqual([])
  }
  second.desk.start()
  await Promise.all([second.desk.send(text('somebody new')), world.clock.pass(1)])
  expect(words(second)).toEqual([text('somebody new')])
  expect(second.desk.me?.id).not.toBe(before)
})

test('tabs that were opened without a network share a socket once there is one', async () => {
  const world = new World(8)
  world.up = false
  const first = world.tab('agent')
  const second = world.tab('agent', first.profile)
  for (const { desk } of [first, second]) desk.start()
  await world.clock.pass(30)
  world.up = true
  await world.clock.pass(120)
  expect([first, second].map(({ desk }) => desk.connection.state)).toEqual(['online', 'online'])
  expect(world.sockets.size).toBe(1)
  const told: string[] = []
  second.desk.on('signedOut', () => told.push('second'))
  await Promise.all([first.desk.signOut(), world.clock.pass(1)])
  expect([told, world.sockets.size]).toEqual([['second'], 0])
})
