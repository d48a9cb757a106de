import { useWords } from '../app/words'
import { Chart } from '../ui/Chart'
import type { LiveTeam } from '../ui/schema'
import css from '../ui/ui.module.css'
import type { Point } from './useLive'

/** The queue as pictures: by team now, and over the last minutes. */
export function LiveCharts({ teams, trend }: { teams: readonly LiveTeam[]; trend: readonly Point[] }) {
  const { t, language } = useWords()
  const time = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', second: '2-digit' })
  return (
    <div className={css.panels}>
      <Chart
        title={t('live.queue_now')}
        kind="stack"
        height={190}
        data={teams.map((team) => ({ at: team.name, queued: team.queued, active: team.active }))}
        series={[
          { name: 'queued', label: t('live.waiting'), color: 'yellow.6' },
          { name: 'active', label: t('live.active'), color: 'iris.5' },
        ]}
      />
      <Chart
        title={t('live.trend')}
        about={t('live.trend_about')}
        kind="areas"
        height={190}
        data={trend.map((point) => ({ at: time.format(point.at), queued: point.queued }))}
        series={[{ name: 'queued', label: t('live.waiting'), color: 'iris.5' }]}
      />
    </div>
  )
}
