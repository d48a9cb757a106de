/** The times that conversations are mostly put aside until. */

/** The hour at which a working day begins, for "tomorrow" and "next week". */
const MORNING = 9
/** The hour of "this evening". */
const EVENING = 18
const MONDAY = 1

/** A time with its name. */
export interface Preset {
  name: 'hour' | 'three_hours' | 'evening' | 'tomorrow' | 'next_week'
  until: Date
}

function atHour(day: Date, days: number, hour: number): Date {
  const then = new Date(day)
  then.setDate(then.getDate() + days)
  then.setHours(hour, 0, 0, 0)
  return then
}

/** The presets as of a time; "this evening" only while it is not yet. */
export function presets(now: Date): Preset[] {
  const later = (hours: number) => new Date(now.getTime() + hours * 3_600_000)
  const evening = atHour(now, 0, EVENING)
  const toMonday = (MONDAY - now.getDay() + 7) % 7 || 7
  return [
    { name: 'hour', until: later(1) },
    { name: 'three_hours', until: later(3) },
    ...(evening > later(1) ? [{ name: 'evening' as const, until: evening }] : []),
    { name: 'tomorrow', until: atHour(now, 1, MORNING) },
    { name: 'next_week', until: atHour(now, toMonday, MORNING) },
  ]
}
