/** A restart must not stampede: API Gateway takes 500 new connections a second. */

import { describe, expect, test } from 'vitest'
import { CAP_SECONDS, FIRST_SECONDS, pauseSeconds } from '../src/backoff'
import { chance } from './chance'
import { World } from './world'

/** New connections that API Gateway takes in a second. */
const MOST_PER_SECOND = 500

const CLIENTS = 10_000

/** When each of many clients tries, after a cut at 0, with a server that comes back after `down` seconds. */
function attempts(down: number, seed: number): number[] {
  const random = chance(seed)
  const all: number[] = []
  for (let client = 0; client < CLIENTS; client += 1) {
    const cause = client % 10 === 0 ? 'staff' : 'everybody'
    let at = 0
    for (let failures = 0; failures === 0 || at < down; failures += 1) {
      at += pauseSeconds(cause, failures, random)
      all.push(at)
    }
  }
  return all
}

/** The most that lie within any one second. */
function peak(times: number[]): number {
  const sorted = [...times].sort((a, b) => a - b)
  let most = 0
  for (let from = 0, to = 0; to < sorted.length; to += 1) {
    while ((sorted[to] ?? 0) - (sorted[from] ?? 0) > 1) from += 1
    most = Math.max(most, to - from + 1)
  }
  return most
}

describe('10,000 clients who are cut at once, one in ten an agent', () => {
  test.each([0, 1, 5, 9, 10, 20, 39, 40, 41, 60, 90, 300])('come back spread, after %i seconds', (down) => {
    for (const seed of [1, 2, 3]) expect(peak(attempts(down, seed))).toBeLessThanOrEqual(MOST_PER_SECOND)
  })

  test('a pause is anything within its window, and the window grows up to its cap', () => {
    expect(pauseSeconds('oneself', 0, () => 0.999)).toBeLessThan(FIRST_SECONDS.oneself)
    expect(pauseSeconds('oneself', 3, () => 0.5)).toBe(FIRST_SECONDS.oneself * 4)
    expect(pauseSeconds('oneself', 60, () => 0.5)).toBe(CAP_SECONDS / 2)
    expect(pauseSeconds('everybody', 1, () => 0)).toBe(0)
  })
})

test('clients as they are do so: 300 of them, cut by a crash', { timeout: 120_000 }, async () => {
  const world = new World(7)
  const tabs = Array.from({ length: 300 }, () =>
    world.tab('visitor', undefined, { share: false, storage: 'memory', lazy: false }),
  )
  for (const { desk } of tabs) desk.start()
  await world.clock.pass(15)
  expect(tabs.every(({ desk }) => desk.connection.state === 'online')).toBe(true)
  const times: number[] = []
  for (const { desk } of tabs) {
    desk.on('connection', ({ state }) => {
      if (state === 'online') times.push(world.clock.now / 1000)
    })
  }
  world.restart(3, false)
  await world.clock.pass(200)
  expect(tabs.every(({ desk }) => desk.connection.state === 'online')).toBe(true)
  expect(times).toHaveLength(300)
  // 300 over 40 seconds are 7.5 a second; of so few, chance heaps up some more.
  expect(peak(times)).toBeLessThanOrEqual(25)
})
