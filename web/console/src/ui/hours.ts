import type { BusinessHours, Days, Weekday } from './schema'

/** The days of a week, as most of the world begins it. */
export const WEEKDAYS: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** What a new opening begins as. */
export const HOURS = { from: '09:00', to: '18:00' } as const

/** A week of working days in the reader's own time zone. */
export function newHours(): BusinessHours {
  return {
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC',
    week: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], ...HOURS }],
    holidays: [],
    open_days: [],
  }
}

/** One day, or several in a row, as the first and the last. */
export function toRange(days: Days): { from: string; to: string } {
  return typeof days === 'string' ? { from: days, to: days } : days
}

/** The first and the last day as the API has them. */
export function fromRange({ from, to }: { from: string; to: string }): Days {
  return from === to ? from : { from, to }
}
