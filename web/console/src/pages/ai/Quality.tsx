import { useState } from 'react'
import { usePage } from '../../app/api'
import { useWords } from '../../app/words'
import { Chart, type Datum, type Series } from '../../ui/Chart'
import { type Column, DataTable } from '../../ui/DataTable'
import { DayRange, lastDays } from '../../ui/DayRange'
import { percent, shortDay } from '../../ui/format'
import { Stat } from '../../ui/Mark'
import { Page } from '../../ui/Page'
import type { QualityDay } from '../../ui/schema'
import css from '../../ui/ui.module.css'

/** How turns end, in the order in which they are stacked: the best below. */
const ENDS = [
  ['answered', 'teal.6'],
  ['asked', 'blue.5'],
  ['small_talk', 'gray.5'],
  ['unsure', 'yellow.6'],
  ['handed_over', 'iris.5'],
  ['messages_taken', 'gray.7'],
] as const

type Count = Exclude<keyof QualityDay, 'day'>

function sum(days: readonly QualityDay[], key: Count): number {
  return days.reduce((total, day) => total + day[key], 0)
}

/** A part of a whole; nothing where there is no whole. */
function part(of: number, whole: number): number | null {
  return whole > 0 ? of / whole : null
}

/** The page of how well the AI agent does, day by day, as the log counts it. */
export default function Quality() {
  const { t, language } = useWords()
  const [range, setRange] = useState(() => lastDays(30))
  const list = usePage<QualityDay>('/v1/ai/quality', { from: range.from, to: range.to })
  const days = [...list.rows].sort((one, other) => one.day.localeCompare(other.day))
  const turns = sum(days, 'turns')
  const judged = sum(days, 'good') + sum(days, 'wrong')
  const series: Series[] = ENDS.map(([name, color]) => ({ name, label: t(`quality.${name}`), color }))
  const counts: Datum[] = days.map(({ day, ...rest }) => ({ at: shortDay(day, language), ...rest }))
  const shares: Datum[] = days.map((day) => ({
    at: shortDay(day.day, language),
    answered: part(day.answered + day.asked, day.turns),
    handed_over: part(day.handed_over, day.turns),
    good: part(day.good, day.good + day.wrong),
  }))
  const columns: Column<QualityDay>[] = [
    {
      key: 'day',
      title: t('quality.day'),
      cell: (day) => <span style={{ whiteSpace: 'nowrap' }}>{day.day}</span>,
    },
    ...(
      [
        'turns',
        'answered',
        'asked',
        'small_talk',
        'unsure',
        'handed_over',
        'messages_taken',
        'good',
        'wrong',
        'tokens',
      ] as const
    ).map(
      (key): Column<QualityDay> => ({
        key,
        title: t(`quality.${key}`),
        align: 'right',
        cell: (day) => day[key].toLocaleString(language),
      }),
    ),
  ]
  return (
    <Page
      title={t('quality.title')}
      about={t('quality.about')}
      wide
      actions={<DayRange value={range} onChange={setRange} />}
    >
      <div className={css.stats}>
        <Stat label={t('quality.turns')} value={turns.toLocaleString(language)} />
        <Stat label={t('quality.answered')} value={percent(part(sum(days, 'answered'), turns))} tone="good" />
        <Stat
          label={t('quality.handed_over')}
          value={percent(part(sum(days, 'handed_over'), turns))}
          tone="busy"
        />
        <Stat label={t('quality.unsure')} value={percent(part(sum(days, 'unsure'), turns))} tone="warn" />
        <Stat
          label={t('quality.good_part')}
          value={percent(part(sum(days, 'good'), judged))}
          hint={t('quality.judged', { count: judged })}
        />
        <Stat label={t('quality.tokens')} value={sum(days, 'tokens').toLocaleString(language)} />
      </div>
      {days.length > 0 && (
        <div className={css.panels}>
          <Chart title={t('quality.how')} kind="stack" data={counts} series={series} />
          <Chart
            title={t('quality.shares')}
            kind="lines"
            data={shares}
            format={(value) => percent(value)}
            series={[
              { name: 'answered', label: t('quality.by_itself'), color: 'teal.6' },
              { name: 'handed_over', label: t('quality.handed_over'), color: 'iris.5' },
              { name: 'good', label: t('quality.good_part'), color: 'yellow.6' },
            ]}
          />
        </div>
      )}
      <DataTable
        list={list}
        rows={[...days].reverse()}
        id={(day) => day.day}
        columns={columns}
        empty={{ title: t('quality.none'), about: t('quality.none_about') }}
      />
    </Page>
  )
}
