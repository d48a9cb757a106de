import { useWords } from '../app/words'
import { useNow } from '../ui/clock'
import { moment } from '../ui/format'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000
/** Days after which a date says more than a number of days. */
const DAYS = 7

function short(ms: number, at: string, language: string): string {
  const unit = (value: number, name: 'minute' | 'hour' | 'day') =>
    new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'narrow' }).format(value)
  if (ms < MINUTE_MS) return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(0, 'second')
  if (ms < HOUR_MS) return unit(Math.max(0, Math.floor(ms / MINUTE_MS)), 'minute')
  if (ms < DAY_MS) return unit(Math.floor(ms / HOUR_MS), 'hour')
  if (ms < DAYS * DAY_MS) return unit(Math.floor(ms / DAY_MS), 'day')
  return new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric' }).format(new Date(at))
}

/** How long ago something was, as short as a list needs it: `4m`, `2h`. */
export function ShortAge({ at }: { at: string }) {
  const { language } = useWords()
  const now = useNow()
  return (
    <time dateTime={at} title={moment(at, language)}>
      {short(Math.max(0, now - Date.parse(at)), at, language)}
    </time>
  )
}
