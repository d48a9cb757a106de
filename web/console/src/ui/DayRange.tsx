import { Group, SegmentedControl, TextInput } from '@mantine/core'
import { useWords } from '../app/words'
import { dayFrom } from './format'

/** Days from one to another, both counted (UTC, as reports are). */
export interface Range {
  from: string
  to: string
}

/** Spans that are offered, in days: a week, a month, a quarter. */
const SPANS = [7, 30, 90] as const

/** The last days up to today. */
export function lastDays(days: number, now = new Date()): Range {
  return { from: dayFrom(now, 1 - days), to: dayFrom(now, 0) }
}

/** Chooses days: the last week, month or quarter, or any. */
export function DayRange({ value, onChange }: { value: Range; onChange: (range: Range) => void }) {
  const { t } = useWords()
  const span = SPANS.find((days) => {
    const range = lastDays(days)
    return range.from === value.from && range.to === value.to
  })
  return (
    <Group gap={8}>
      <SegmentedControl
        size="xs"
        value={span ? String(span) : ''}
        onChange={(days) => onChange(lastDays(Number(days)))}
        data={SPANS.map((days) => ({ value: String(days), label: t('ui.last_days', { count: days }) }))}
      />
      <TextInput
        type="date"
        size="xs"
        aria-label={t('ui.from_day')}
        value={value.from}
        max={value.to}
        onChange={(event) =>
          event.currentTarget.value && onChange({ ...value, from: event.currentTarget.value })
        }
      />
      –
      <TextInput
        type="date"
        size="xs"
        aria-label={t('ui.to_day')}
        value={value.to}
        min={value.from}
        onChange={(event) =>
          event.currentTarget.value && onChange({ ...value, to: event.currentTarget.value })
        }
      />
    </Group>
  )
}
