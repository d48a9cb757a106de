import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chosen, FAMILIES, toggled, toggledFamily } from '../../src/pages/developers/eventTypes'
import { lines } from '../../src/ui/lines'
import { moved } from '../../src/ui/list'

describe('moving in a list', () => {
  test('keeps all that there is, and puts it where it was dropped', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), fc.nat(), fc.nat(), (items, from, to) => {
        const [start, end] = [from % items.length, to % items.length]
        const result = moved(items, start, end)
        expect([...result].sort()).toEqual([...items].sort())
        expect(result[end]).toBe(items[start])
      }),
    )
  })

  test('changes nothing at the ends', () => {
    expect(moved(['a', 'b'], 0, -1)).toEqual(['a', 'b'])
    expect(moved(['a', 'b'], 1, 2)).toEqual(['a', 'b'])
  })
})

test('lines are trimmed, without empty ones, each once', () => {
  expect(lines(' foo \n\nbar\nfoo\n')).toEqual(['foo', 'bar'])
})

describe('which events an endpoint gets', () => {
  const all = FAMILIES.flatMap((family) => family.types)
  const some = fc.subarray(all)

  test('what is chosen and then not is as it was, whatever else is', () => {
    fc.assert(
      fc.property(some, fc.constantFrom(...all), (events, type) => {
        const on = toggled(events, type, true)
        const off = toggled(on, type, false)
        for (const other of all) {
          const was = other !== type && events.includes(other)
          expect(chosen(on, other)).toBe(was || other === type)
          expect(chosen(off, other)).toBe(was)
        }
      }),
    )
  })

  test('a whole family stands as such, so that its later types come too', () => {
    const message = FAMILIES.find((family) => family.name === 'message')
    if (!message) throw new Error('no messages')
    expect(toggledFamily([], message, true)).toEqual(['message.*'])
    expect(toggled(['message.*'], 'message.held', false)).toEqual(['message.created', 'message.reviewed'])
    expect(toggledFamily(['*'], message, false)).not.toContain('message.*')
  })

  test('everything is everything', () => {
    expect(chosen(['*'], 'csat.submitted')).toBe(true)
    expect(all).not.toContain('webhook.test')
  })
})
