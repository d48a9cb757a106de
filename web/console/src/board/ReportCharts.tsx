import { useWords } from '../app/words'
import { Chart, type Datum } from '../ui/Chart'
import { duration, shortDay } from '../ui/format'
import type { DayReport } from '../ui/schema'
import css from '../ui/ui.module.css'
import { scores } from './totals'

/** The days as pictures: volume, waiting, first response, satisfaction. */
export function ReportCharts({ days }: { days: readonly DayReport[] }) {
  const { t, language } = useWords()
  const spread = (key: 'waited' | 'first_response'): Datum[] =>
    days.map((day) => ({
      at: shortDay(day.day, language),
      p50: day[key].p50 ?? null,
      p90: day[key].p90 ?? null,
    }))
  const halves = [
    { name: 'p50', label: t('reports.p50'), color: 'iris.5' },
    { name: 'p90', label: t('reports.p90'), color: 'yellow.6' },
  ]
  return (
    <div className={css.panels}>
      <Chart
        title={t('reports.volume')}
        kind="bars"
        data={days.map((day) => ({
          at: shortDay(day.day, language),
          opened: day.opened,
          closed: day.closed,
        }))}
        series={[
          { name: 'opened', label: t('reports.opened'), color: 'iris.5' },
          { name: 'closed', label: t('reports.closed'), color: 'teal.5' },
        ]}
      />
      <Chart
        title={t('reports.waited')}
        about={t('reports.waited_about')}
        kind="lines"
        data={spread('waited')}
        series={halves}
        format={duration}
      />
      <Chart
        title={t('reports.first_response')}
        about={t('reports.first_response_about')}
        kind="lines"
        data={spread('first_response')}
        series={halves}
        format={duration}
      />
      <Chart
        title={t('reports.csat')}
        about={t('reports.csat_about')}
        kind="bars"
        data={scores(days).each.map((count, at) => ({ at: `${at + 1} ★`, count }))}
        series={[{ name: 'count', label: t('reports.csat_count'), color: 'yellow.6' }]}
      />
    </div>
  )
}
