/** What comes in any order, any number of times, is there once and in order. */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EntryView } from '../src'
import { Log } from '../src/log'
import { type Delta, Stream } from '../src/stream'

const entry = (seq: number): EntryView => ({ conversation: 'cnv_1', seq, hidden: true })
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index)

describe('a log', () => {
  test('is whole, whatever order its entries come in', () => {
    const arrivals = fc
      .integer({ min: 1, max: 60 })
      .chain((head) =>
        fc.tuple(
          fc.constant(head),
          fc.nat(head - 1),
          fc.shuffledSubarray(range(1, head + 1), { minLength: head }),
          fc.array(fc.integer({ min: 1, max: head }), { maxLength: 40 }),
        ),
      )
    fc.assert(
      fc.property(arrivals, ([head, base, once, again]) => {
        const log = new Log()
        log.begin(base)
        const added: number[] = []
        for (const seq of [...again, ...once]) added.push(...log.merge([entry(seq)]).map((one) => one.seq))
        expect(added).toEqual(range(base + 1, head + 1))
        expect(log.entries.map(({ seq }) => seq)).toEqual(added)
        expect(log.behind).toBe(false)
      }),
    )
  })

  test('knows of a gap until it is filled', () => {
    const log = new Log()
    log.begin(2)
    log.merge([entry(3), entry(6)])
    expect([log.last, log.head, log.behind]).toEqual([3, 6, true])
    expect(log.merge([entry(4), entry(5)]).map(({ seq }) => seq)).toEqual([4, 5, 6])
    expect(log.behind).toBe(false)
  })

  test('grows at its beginning by pages that touch it, also where they overlap it', () => {
    const log = new Log()
    log.prepend(range(8, 11).map(entry))
    log.prepend(range(1, 5).map(entry))
    expect(log.entries.map(({ seq }) => seq)).toEqual([8, 9, 10])
    log.prepend(range(4, 9).map(entry))
    expect(log.entries.map(({ seq }) => seq)).toEqual(range(4, 11))
    expect(log.base).toBe(3)
  })
})

describe('the text that an AI agent is writing', () => {
  const words = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }), {
    minLength: 1,
    maxLength: 20,
  })

  function pieces(texts: string[]): Delta[] {
    let at = 0
    return texts.map((text) => {
      const delta: Delta = { type: 'delta', conversation: 'cnv_1', turn: 't', at, text }
      at += [...text].length
      return delta
    })
  }

  test('is whole, whatever order its pieces come in', () => {
    fc.assert(
      fc.property(words, fc.integer(), (texts, seed) => {
        const all = pieces(texts)
        const mixed = [...all, ...all].sort((a, b) => ((a.at * 31 + seed) % 7) - ((b.at * 31 + seed) % 7))
        const stream = new Stream()
        for (const piece of mixed) stream.take(piece)
        expect(stream.streaming).toEqual({ turn: 't', text: texts.join('') })
      }),
    )
  })

  test('stops at a gap, and is gone with its entry, or when it is dropped', () => {
    const stream = new Stream()
    const [first, , third] = pieces(['Hello ', 'dear ', 'friend'])
    if (!first || !third) throw new Error('three pieces')
    stream.take(first)
    stream.take(third)
    expect(stream.streaming?.text).toBe('Hello ')
    stream.end('t')
    expect(stream.streaming).toBeUndefined()
    stream.take(first)
    expect(stream.streaming).toBeUndefined()
    stream.take({ ...first, turn: 'u' })
    expect(stream.streaming?.turn).toBe('u')
    stream.take({ ...first, turn: 'u', dropped: true })
    expect(stream.streaming).toBeUndefined()
  })
})
