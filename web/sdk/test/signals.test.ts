/** Typing and reading are said seldom, and end by themselves. */

import { expect, test } from 'vitest'
import type { ActionFrame } from '../src'
import { browser } from '../src/platform'
import { Signals } from '../src/signals'
import { Clock } from './clock'

function signals() {
  const clock = new Clock()
  const said: ActionFrame[] = []
  const platform = {
    ...browser(),
    now: () => clock.now,
    after: (seconds: number, then: () => void) => clock.after(seconds, then),
  }
  const all = new Signals(platform, async (frame) => {
    said.push(frame)
  })
  all.online = true
  return { clock, said, all }
}

test('one who types without a pause says so every nine seconds, and that they stopped', async () => {
  const { clock, said, all } = signals()
  for (let key = 0; key < 100; key += 1) {
    all.typing('cnv_1', true)
    await clock.pass(0.1)
  }
  expect(said.map((frame) => 'on' in frame && frame.on)).toEqual([true, true])
  await clock.pass(10)
  expect(said.slice(2)).toEqual([{ action: 'typing', conversation: 'cnv_1', on: false }])
  all.typing('cnv_1', false)
  expect(said).toHaveLength(3)
})

test('a message says itself that its author types no longer', async () => {
  const { clock, said, all } = signals()
  all.typing('cnv_1', true)
  all.sent('cnv_1')
  await clock.pass(20)
  expect(said).toHaveLength(1)
})

test('receipts are coalesced, only grow, and wait for the connection', async () => {
  const { clock, said, all } = signals()
  for (let seq = 1; seq <= 20; seq += 1) {
    all.read('cnv_1', seq)
    await clock.pass(0.2)
  }
  await clock.pass(5)
  all.read('cnv_1', 7)
  await clock.pass(5)
  const seqs = said.map((frame) => ('seq' in frame ? frame.seq : undefined))
  expect(seqs.at(-1)).toBe(20)
  expect(seqs.length).toBeLessThanOrEqual(3)
  all.online = false
  all.read('cnv_1', 21)
  await clock.pass(10)
  expect(said).toHaveLength(seqs.length)
  all.online = true
  await clock.pass(4)
  expect(said.at(-1)).toEqual({ action: 'read', conversation: 'cnv_1', seq: 21 })
})
