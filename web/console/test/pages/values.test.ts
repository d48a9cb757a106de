import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rowOf, ruleOf } from '../../src/pages/account/priority'
import { readIssuers, withIssuer } from '../../src/pages/account/signOnJson'
import { weights } from '../../src/pages/ai/weights'
import { changes, toRows } from '../../src/pages/contacts/contact'
import { sendable, textOn, widgetOf } from '../../src/pages/inboxes/widget'
import { fromRange, toRange } from '../../src/ui/hours'

describe('attributes of a contact', () => {
  const before = { level: 'vip', age: 33, orders: ['A1'], code: '007' }

  test('rows that nobody touched change nothing', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.jsonValue()), (attributes) => {
        const meant = Object.fromEntries(
          Object.entries(attributes).filter(([, value]) => typeof value !== 'string' || value.trim() !== ''),
        )
        expect(changes(meant, toRows(meant))).toEqual({})
      }),
    )
  })

  test('a row that went is null, a new one is what it looks like', () => {
    const rows = [...toRows(before).filter((row) => row.key !== 'age'), { key: ' vip ', text: 'true' }]
    expect(changes(before, rows)).toEqual({ age: null, vip: true })
  })

  test('a text that was a text and is changed is read anew', () => {
    expect(changes(before, [{ key: 'level', text: 'gold' }])).toEqual({
      level: 'gold',
      age: null,
      orders: null,
      code: null,
    })
  })

  test('an emptied value goes', () => {
    expect(changes({ level: 'vip' }, [{ key: 'level', text: ' ' }])).toEqual({ level: null })
  })
})

test('a priority rule comes back as it was', () => {
  for (const equals of ['vip', 3, true, null] as const) {
    const rule = { attribute: 'level', equals, priority: 7, skills: ['english'] }
    expect(ruleOf(rowOf(rule as unknown as Parameters<typeof rowOf>[0]))).toEqual(rule)
  }
})

test('the sign-on is a list, and a template joins it', () => {
  expect(() => readIssuers('{}')).toThrow()
  expect(() => readIssuers('[')).toThrow()
  expect(readIssuers(withIssuer('[]', 'agent'))).toHaveLength(1)
  expect(withIssuer('[', 'agent')).toBe('[')
})

test('days are one or a range', () => {
  expect(fromRange(toRange('2026-12-25'))).toBe('2026-12-25')
  expect(fromRange({ from: '2026-12-24', to: '2026-12-26' })).toEqual({
    from: '2026-12-24',
    to: '2026-12-26',
  })
})

describe('what counts in a sentence', () => {
  test('every letter is there once, in order, characters being counted as the API does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const length = [...text].length
        const pieces = [{ text: 'x', start: 0, end: Math.ceil(length / 2), weight: 1.5 }]
        expect(
          weights(text, pieces)
            .map((run) => run.text)
            .join(''),
        ).toBe(text)
      }),
    )
  })

  test('pieces that overlap weigh together, and the heaviest is 1', () => {
    const runs = weights('ab😀d', [
      { text: 'ab', start: 0, end: 2, weight: 1 },
      { text: 'b😀', start: 1, end: 3, weight: 1 },
      { text: 'd', start: 3, end: 4, weight: -0.5 },
    ])
    expect(runs.map((run) => [run.text, run.weight])).toEqual([
      ['a', 0.5],
      ['b', 1],
      ['😀', 0.5],
      ['d', -0.25],
    ])
  })
})

describe('a widget', () => {
  test('is sent without texts that say nothing and choices where none are made', () => {
    const widget = widgetOf({
      title: { en: ' ', zh: '客服' },
      pre_chat: [{ key: 'name', label: { en: 'Name', zh: '' }, choices: ['x'] }],
    })
    const sent = sendable(widget)
    expect(sent.title).toEqual({ zh: '客服' })
    expect(sent).not.toHaveProperty('greeting')
    expect(sent.pre_chat).toEqual([{ key: 'name', kind: 'text', required: false, label: { en: 'Name' } }])
  })

  test('words on its colour can be read', () => {
    expect([textOn('#5b5bd6'), textOn('#0f9d7a'), textOn('#ffe08a'), textOn('#ffffff')]).toEqual([
      '#ffffff',
      '#ffffff',
      '#16161a',
      '#16161a',
    ])
  })
})
