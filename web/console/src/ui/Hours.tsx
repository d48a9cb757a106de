import { ActionIcon, Button, Chip, Group, Select, Switch, TextInput } from '@mantine/core'
import IconPlus from '@tabler/icons-react/icons/IconPlus'
import IconX from '@tabler/icons-react/icons/IconX'
import { type ReactNode, useMemo } from 'react'
import { useWords } from '../app/words'
import { fromRange, HOURS, newHours, toRange, WEEKDAYS } from './hours'
import { changed, without } from './list'
import type { BusinessHours, OpenDay, Opening, Weekday } from './schema'
import css from './ui.module.css'

/** When people are there: a week, holidays, days with hours of their own, in a time zone. Without it, always. */
export function Hours(props: {
  value: BusinessHours | null | undefined
  onChange: (value: BusinessHours | null) => void
  about?: ReactNode
}) {
  const { t } = useWords()
  const { value, onChange } = props
  return (
    <div style={{ display: 'grid', gap: 18 }}>
      <Switch
        label={t('hours.on')}
        description={props.about ?? t('hours.on_hint')}
        checked={Boolean(value)}
        onChange={(event) => onChange(event.currentTarget.checked ? newHours() : null)}
      />
      {value && <Fields value={value} set={(change) => onChange({ ...value, ...change })} />}
    </div>
  )
}

interface Part {
  value: BusinessHours
  set: (change: Partial<BusinessHours>) => void
}

function Fields(part: Part) {
  const { t } = useWords()
  const zones = useMemo(
    () => ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')],
    [],
  )
  return (
    <>
      <Select
        label={t('hours.time_zone')}
        data={zones}
        value={part.value.time_zone ?? 'UTC'}
        onChange={(zone) => zone && part.set({ time_zone: zone })}
        searchable
        allowDeselect={false}
        limit={100}
        maw={320}
      />
      <Week {...part} />
      <Holidays {...part} />
      <OpenDays {...part} />
    </>
  )
}

function DaysPart({
  title,
  about,
  children,
  onAdd,
  add,
}: {
  title: string
  about: string
  children: ReactNode
  onAdd: () => void
  add: string
}) {
  return (
    <div>
      <h3 className={css.sectionTitle}>{title}</h3>
      <p className={css.about} style={{ marginBottom: 8 }}>
        {about}
      </p>
      <div style={{ display: 'grid', gap: 8 }}>{children}</div>
      <Button mt={8} size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={onAdd}>
        {add}
      </Button>
    </div>
  )
}

function Week({ value, set }: Part) {
  const { t } = useWords()
  const week = value.week ?? []
  const change = (at: number, opening: Partial<Opening>) => set({ week: changed(week, at, opening) })
  return (
    <DaysPart
      title={t('hours.week')}
      about={week.length > 0 ? t('hours.week_hint') : t('hours.week_none')}
      add={t('hours.add_opening')}
      onAdd={() => set({ week: [...week, { days: [], ...HOURS }] })}
    >
      {week.map((opening, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an opening is its place
        <Group key={at} gap={10} className={css.box} style={{ padding: 10 }}>
          <Chip.Group
            multiple
            value={opening.days}
            onChange={(days) =>
              change(at, { days: WEEKDAYS.filter((day) => (days as Weekday[]).includes(day)) })
            }
          >
            <Group gap={4}>
              {WEEKDAYS.map((day) => (
                <Chip key={day} value={day} size="xs" radius="sm">
                  {t(`weekday.${day}`)}
                </Chip>
              ))}
            </Group>
          </Chip.Group>
          <FromTo value={opening} onChange={(times) => change(at, times)} />
          <Remove onClick={() => set({ week: without(week, at) })} />
        </Group>
      ))}
    </DaysPart>
  )
}

function Holidays({ value, set }: Part) {
  const { t } = useWords()
  const holidays = value.holidays ?? []
  return (
    <DaysPart
      title={t('hours.holidays')}
      about={t('hours.holidays_hint')}
      add={t('hours.add_holiday')}
      onAdd={() => set({ holidays: [...holidays, new Date().toISOString().slice(0, 10)] })}
    >
      {holidays.map((days, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a holiday is its place
        <Group key={at} gap={10}>
          <FromToDay
            value={toRange(days)}
            onChange={(range) =>
              set({ holidays: holidays.map((one, other) => (other === at ? fromRange(range) : one)) })
            }
          />
          <Remove onClick={() => set({ holidays: without(holidays, at) })} />
        </Group>
      ))}
    </DaysPart>
  )
}

function OpenDays({ value, set }: Part) {
  const { t } = useWords()
  const open = value.open_days ?? []
  const change = (at: number, day: Partial<OpenDay>) => set({ open_days: changed(open, at, day) })
  return (
    <DaysPart
      title={t('hours.open_days')}
      about={t('hours.open_days_hint')}
      add={t('hours.add_open_day')}
      onAdd={() => set({ open_days: [...open, { days: new Date().toISOString().slice(0, 10), ...HOURS }] })}
    >
      {open.map((day, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a day is its place
        <Group key={at} gap={10}>
          <FromToDay value={toRange(day.days)} onChange={(range) => change(at, { days: fromRange(range) })} />
          <FromTo value={day} onChange={(times) => change(at, times)} />
          <Remove onClick={() => set({ open_days: without(open, at) })} />
        </Group>
      ))}
    </DaysPart>
  )
}

interface Times {
  from: string
  to: string
}

function FromTo({ value, onChange }: { value: Times; onChange: (times: Times) => void }) {
  const { t } = useWords()
  return (
    <Group gap={6} wrap="nowrap">
      <TextInput
        type="time"
        size="xs"
        aria-label={t('hours.from')}
        value={value.from}
        onChange={(event) => onChange({ from: event.currentTarget.value, to: value.to })}
      />
      –
      <TextInput
        type="time"
        size="xs"
        aria-label={t('hours.to')}
        // The API says 24:00 for a day's end, which the browser's field cannot: to 00:00 it is the same.
        value={value.to === '24:00' ? '00:00' : value.to}
        onChange={(event) => onChange({ from: value.from, to: event.currentTarget.value })}
      />
    </Group>
  )
}

function FromToDay({ value, onChange }: { value: Times; onChange: (range: Times) => void }) {
  const { t } = useWords()
  return (
    <Group gap={6} wrap="nowrap">
      <TextInput
        type="date"
        size="xs"
        aria-label={t('hours.first_day')}
        value={value.from}
        onChange={(event) => {
          const from = event.currentTarget.value
          onChange({ from, to: [from, value.to].sort().at(-1) ?? from })
        }}
      />
      –
      <TextInput
        type="date"
        size="xs"
        aria-label={t('hours.last_day')}
        value={value.to}
        min={value.from}
        onChange={(event) => onChange({ from: value.from, to: event.currentTarget.value })}
      />
    </Group>
  )
}

function Remove({ onClick }: { onClick: () => void }) {
  const { t } = useWords()
  return (
    <ActionIcon aria-label={t('ui.remove')} onClick={onClick}>
      <IconX size={15} />
    </ActionIcon>
  )
}
