import { describe, expect, test } from 'vitest'
import { bytes, dayFrom, duration, percent, relative, shortDay } from '../../src/ui/format'

const spaced = (text: string) => text.replaceAll('\u00a0', ' ')

describe('a span of time', () => {
  test.each([
    [0, '0 s'],
    [59.4, '59 s'],
    [60, '1 min'],
    [185, '3 min 05 s'],
    [7_800, '2 h 10 min'],
    [3 * 86_400 + 4 * 3_600, '3 d 4 h'],
    [-5, '0 s'],
  ])('%d seconds are %s', (seconds, said) => {
    expect(spaced(duration(seconds, 'en'))).toBe(said)
  })

  test('in Chinese, and where there is none', () => {
    expect(spaced(duration(185, 'zh'))).toBe('3 分 05 秒')
    expect(duration(undefined, 'en')).toBe('–')
    expect(duration(Number.NaN, 'en')).toBe('–')
  })

  test('it is never broken over two lines', () => {
    expect(duration(185, 'en')).not.toContain(' ')
  })
})

test('times are told from now', () => {
  const now = Date.parse('2026-11-25T12:00:00Z')
  expect(relative('2026-11-25T11:57:00Z', 'en', now)).toBe('3 min. ago')
  expect(relative('2026-11-25T12:00:20Z', 'en', now)).toBe('now')
  expect(relative('2026-11-27T13:00:00Z', 'en', now)).toBe('in 2 days')
})

test('days of reports are UTC, wherever the reader is', () => {
  expect(shortDay('2026-11-01', 'en')).toBe('Nov 1')
  expect(dayFrom(new Date('2026-11-25T23:59:59Z'), 0)).toBe('2026-11-25')
  expect(dayFrom(new Date('2026-11-25T00:00:00Z'), -29)).toBe('2026-10-27')
})

test('parts and sizes', () => {
  expect(percent(0.256)).toBe('26 %')
  expect(percent(0.9994, 1)).toBe('99.9 %')
  expect(percent(null)).toBe('–')
  expect([bytes(900), bytes(17_510), bytes(3_000_000)]).toEqual(['900 B', '17.1 KB', '2.9 MB'])
})
