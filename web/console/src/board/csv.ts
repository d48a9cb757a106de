import type { DayReport } from '../ui/schema'

const HEAD = [
  'day',
  'opened',
  'reopened',
  'closed',
  'transferred',
  'waited_count',
  'waited_mean_s',
  'waited_p50_s',
  'waited_p90_s',
  'first_response_count',
  'first_response_mean_s',
  'first_response_p50_s',
  'first_response_p90_s',
  'resolution_count',
  'resolution_mean_s',
  'resolution_p50_s',
  'resolution_p90_s',
  'csat_count',
  'csat_mean',
  'csat_1',
  'csat_2',
  'csat_3',
  'csat_4',
  'csat_5',
]

function cells(day: DayReport): (string | number)[] {
  const spreads = [day.waited, day.first_response, day.resolution].flatMap((of) => [
    of.count,
    of.mean ?? '',
    of.p50 ?? '',
    of.p90 ?? '',
  ])
  const scores = [0, 1, 2, 3, 4].map((at) => day.csat.scores[at] ?? 0)
  return [
    day.day,
    day.opened,
    day.reopened,
    day.closed,
    day.transferred,
    ...spreads,
    day.csat.count,
    day.csat.mean ?? '',
    ...scores,
  ]
}

/** Reports as CSV (RFC 4180): figures in seconds, empty where there is none. All of it is numbers and days. */
export function csv(days: readonly DayReport[]): string {
  return [HEAD, ...days.map(cells)].map((row) => `${row.join(',')}\r\n`).join('')
}

/** Gives a text to the browser as a file. */
export function save(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
