import { type Language, language } from '../app/words'

/** Seconds in a minute, an hour and a day: what durations are written in. */
const MINUTE = 60
const HOUR = 3_600
const DAY = 86_400

/** Units of a relative time, the longest first. */
const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * DAY],
  ['month', 30 * DAY],
  ['week', 7 * DAY],
  ['day', DAY],
  ['hour', HOUR],
  ['minute', MINUTE],
]

/** "3 minutes ago" in the reader's language. What lies less than a minute away is "now". */
export function relative(at: string | Date, language: string, now = Date.now()): string {
  const seconds = (new Date(at).getTime() - now) / 1_000
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' })
  for (const [unit, size] of UNITS) {
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit)
  }
  return format.format(0, 'second')
}

/** A point in time in full, in the reader's language and zone. */
export function moment(at: string | Date, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(at))
}

/** A day of a report (`2026-11-25`, UTC) as people write it: short enough for an axis. */
export function shortDay(day: string, language: string): string {
  return new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  )
}

/** What the units of a span are called, short enough for a figure. */
const SHORT: Record<Language, readonly [second: string, minute: string, hour: string, day: string]> = {
  en: ['s', 'min', 'h', 'd'],
  zh: ['秒', '分', '小时', '天'],
}

/** Seconds as a span that can be compared at a glance: `48 s`, `3 min 05 s`, `2 h 10 min`, `3 d 4 h`. */
export function duration(seconds: number | null | undefined, spoken: Language = language()): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return '–'
  const whole = Math.max(0, Math.round(seconds))
  const [second, minute, hour, day] = SHORT[spoken]
  const units: [size: number, name: string, smaller: number, smallerName: string][] = [
    [DAY, day, HOUR, hour],
    [HOUR, hour, MINUTE, minute],
    [MINUTE, minute, 1, second],
  ]
  const unit = units.find(([size]) => whole >= size)
  // Unbroken: a figure that goes on in the next line is misread.
  if (!unit) return `${whole}\u00a0${second}`
  const [size, name, smaller, smallerName] = unit
  const rest = Math.floor((whole % size) / smaller)
  const large = `${Math.floor(whole / size)}\u00a0${name}`
  return rest > 0
    ? `${large}\u00a0${size === DAY ? rest : String(rest).padStart(2, '0')}\u00a0${smallerName}`
    : large
}

/** A part of one as a percentage. */
export function percent(part: number | null | undefined, digits = 0): string {
  return part === null || part === undefined || !Number.isFinite(part)
    ? '–'
    : `${(part * 100).toFixed(digits)} %`
}

/** Bytes with a unit that keeps the number short. */
export function bytes(size: number): string {
  if (size < 1_024) return `${size} B`
  if (size < 1_048_576) return `${(size / 1_024).toFixed(1)} KB`
  return `${(size / 1_048_576).toFixed(1)} MB`
}

/** The day that lies some days from another, as `2026-11-25` (UTC, as reports count). */
export function dayFrom(now: Date, days: number): string {
  return new Date(now.getTime() + days * DAY * 1_000).toISOString().slice(0, 10)
}
