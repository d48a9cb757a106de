const MINUTE = 60_000
const DAY = 86_400_000

function midnight(time: Date): number {
  return new Date(time.getFullYear(), time.getMonth(), time.getDate()).getTime()
}

/** Whole days between the visitor's days: 0 today, 1 yesterday. */
export function daysAgo(time: Date, now: Date): number {
  return Math.round((midnight(now) - midnight(time)) / DAY)
}

function formatted(time: Date, locale: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale, options).format(time)
}

/** The time of day, as the visitor's language writes it. */
export function clock(time: Date, locale: string): string {
  return formatted(time, locale, { timeStyle: 'short' })
}

/** A day that is neither today nor yesterday. */
export function dayName(time: Date, locale: string): string {
  return formatted(time, locale, { dateStyle: 'full' })
}

/** When somebody is back: the time today, the day and time later. */
export function comingTime(time: Date, now: Date, locale: string): string {
  if (daysAgo(time, now) === 0) return clock(time, locale)
  const near = time.getTime() - now.getTime() < 6 * DAY
  const day = near ? ({ weekday: 'long' } as const) : ({ month: 'long', day: 'numeric' } as const)
  return `${formatted(time, locale, day)} ${clock(time, locale)}`
}

/** Whether two entries are near enough to stand under one name. */
export function near(one: string, other: string): boolean {
  return Math.abs(Date.parse(one) - Date.parse(other)) < 5 * MINUTE
}

const UNITS = ['byte', 'kilobyte', 'megabyte'] as const

/** A size in bytes, as the visitor's language writes it: in steps of 1,024, as the limits are. */
export function fileSize(bytes: number, locale: string): string {
  const step = bytes < 1024 ? 0 : bytes < 1024 ** 2 ? 1 : 2
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: UNITS[step],
    maximumFractionDigits: 1,
  }).format(bytes / 1024 ** step)
}
