import { expect, test } from 'vitest'
import { csv } from '../../src/board/csv'
import { scores, total } from '../../src/board/totals'
import { oldest, waited } from '../../src/board/waiting'

const none = { count: 0 }
const day = (opened: number, each: number[]) => ({
  day: '2026-11-25',
  opened,
  reopened: 1,
  closed: 2,
  transferred: 0,
  waited: { count: 3, mean: 20, p50: 12, p90: 60 },
  first_response: none,
  resolution: none,
  csat: { count: each.reduce((sum, one) => sum + one, 0), scores: each },
})

test('the mean of several days weighs each rating alike, not each day', () => {
  const days = [day(1, [1, 0, 0, 0, 0]), day(2, [0, 0, 0, 0, 9])]
  expect(total(days, 'opened')).toBe(3)
  expect(scores(days)).toEqual({ each: [1, 0, 0, 0, 9], count: 10, mean: 4.6 })
  expect(scores([]).mean).toBeUndefined()
})

test('a day is a row of CSV with as many cells as the head has', () => {
  const rows = csv([day(5, [0, 0, 1, 0, 2])])
    .trimEnd()
    .split('\r\n')
  expect(rows).toHaveLength(2)
  expect(rows[1]?.split(',')).toHaveLength(rows[0]?.split(',').length ?? 0)
  expect(rows[1]).toBe('2026-11-25,5,1,2,0,3,20,12,60,0,,,,0,,,,3,,0,0,1,0,2')
})

test('who waits longest', () => {
  const team = (oldest_queued_at?: string) => ({
    team: 't',
    name: 'T',
    queued: 1,
    active: 0,
    online: 0,
    away: 0,
    capacity: 0,
    load: 0,
    ...(oldest_queued_at && { oldest_queued_at }),
  })
  const early = '2026-11-25T08:00:00Z'
  expect(oldest([team('2026-11-25T08:00:00.5Z'), team(), team(early)])).toBe(early)
  expect(oldest([team()])).toBeUndefined()
  expect(waited(early, Date.parse(early) + 95_000)).toBe(95)
  expect(waited(early, Date.parse(early) - 3_000)).toBe(0)
  expect(waited(undefined, 0)).toBeUndefined()
})
