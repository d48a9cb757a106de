import type { DayReport } from '../ui/schema'

/** A count over several days. */
export function total(
  days: readonly DayReport[],
  key: 'opened' | 'reopened' | 'closed' | 'transferred',
): number {
  return days.reduce((sum, day) => sum + day[key], 0)
}

/** The scores that visitors gave over several days: how many of each, and their mean. */
export function scores(days: readonly DayReport[]): {
  each: number[]
  count: number
  mean: number | undefined
} {
  const each = [0, 0, 0, 0, 0]
  for (const day of days) {
    for (const at of each.keys()) each[at] = (each[at] ?? 0) + (day.csat.scores[at] ?? 0)
  }
  const count = each.reduce((sum, number) => sum + number, 0)
  const points = each.reduce((sum, number, at) => sum + number * (at + 1), 0)
  return { each, count, mean: count > 0 ? points / count : undefined }
}
