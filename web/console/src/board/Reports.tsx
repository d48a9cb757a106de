import { Button, Select } from '@mantine/core'
import IconDownload from '@tabler/icons-react/icons/IconDownload'
import { useState } from 'react'
import { ALL, usePage } from '../app/api'
import { useWords } from '../app/words'
import { useTeams } from '../pages/names'
import { type Column, DataTable } from '../ui/DataTable'
import { DayRange, lastDays } from '../ui/DayRange'
import { duration } from '../ui/format'
import { Stat } from '../ui/Mark'
import { Page } from '../ui/Page'
import type { DayReport } from '../ui/schema'
import css from '../ui/ui.module.css'
import { csv, save } from './csv'
import { ReportCharts } from './ReportCharts'
import { scores, total } from './totals'

/** The page of the reports: day by day, for all or for one team. */
export default function Reports() {
  const { t } = useWords()
  const teams = useTeams()
  const [range, setRange] = useState(() => lastDays(30))
  const [team, setTeam] = useState<string | null>(null)
  const list = usePage<DayReport>('/v1/reports/days', { ...range, team: team ?? undefined, ...ALL })
  const days = [...list.rows].sort((one, other) => one.day.localeCompare(other.day))
  return (
    <Page
      title={t('reports.title')}
      about={t('reports.about')}
      wide
      actions={
        <>
          <Select
            size="xs"
            w={160}
            aria-label={t('ui.team')}
            placeholder={t('reports.all_teams')}
            data={teams.choices}
            value={team}
            onChange={setTeam}
            clearable
          />
          <DayRange value={range} onChange={setRange} />
          <Button
            size="xs"
            variant="default"
            leftSection={<IconDownload size={15} />}
            disabled={days.length === 0}
            onClick={() => save(csv(days), `deskwire-${range.from}-${range.to}.csv`)}
          >
            {t('reports.download')}
          </Button>
        </>
      }
    >
      {days.length > 0 && (
        <>
          <Totals days={days} />
          <ReportCharts days={days} />
        </>
      )}
      <Days list={list} days={days} />
    </Page>
  )
}

function Totals({ days }: { days: readonly DayReport[] }) {
  const { t, language } = useWords()
  const { count, mean } = scores(days)
  return (
    <div className={css.stats}>
      <Stat label={t('reports.opened')} value={total(days, 'opened').toLocaleString(language)} />
      <Stat label={t('reports.closed')} value={total(days, 'closed').toLocaleString(language)} />
      <Stat label={t('reports.transferred')} value={total(days, 'transferred').toLocaleString(language)} />
      <Stat
        label={t('reports.csat_mean')}
        value={mean?.toFixed(2) ?? '–'}
        hint={t('live.of_ratings', { count })}
      />
    </div>
  )
}

function Days({ list, days }: { list: ReturnType<typeof usePage<DayReport>>; days: readonly DayReport[] }) {
  const { t } = useWords()
  const right = { align: 'right' } as const
  const columns: Column<DayReport>[] = [
    {
      key: 'day',
      title: t('reports.day'),
      cell: (day) => <span style={{ whiteSpace: 'nowrap' }}>{day.day}</span>,
    },
    { key: 'opened', title: t('reports.opened'), ...right, cell: (day) => day.opened },
    { key: 'reopened', title: t('reports.reopened'), ...right, cell: (day) => day.reopened },
    { key: 'closed', title: t('reports.closed'), ...right, cell: (day) => day.closed },
    { key: 'transferred', title: t('reports.transferred'), ...right, cell: (day) => day.transferred },
    { key: 'w50', title: t('reports.waited_p50'), ...right, cell: (day) => duration(day.waited.p50) },
    { key: 'w90', title: t('reports.waited_p90'), ...right, cell: (day) => duration(day.waited.p90) },
    { key: 'f50', title: t('reports.first_p50'), ...right, cell: (day) => duration(day.first_response.p50) },
    { key: 'f90', title: t('reports.first_p90'), ...right, cell: (day) => duration(day.first_response.p90) },
    { key: 'r50', title: t('reports.resolution_p50'), ...right, cell: (day) => duration(day.resolution.p50) },
    { key: 'csat', title: t('reports.csat_mean'), ...right, cell: (day) => day.csat.mean?.toFixed(2) ?? '–' },
    { key: 'count', title: t('reports.csat_count'), ...right, cell: (day) => day.csat.count },
  ]
  return (
    <DataTable
      list={list}
      rows={[...days].reverse()}
      id={(day) => day.day}
      columns={columns}
      empty={{ title: t('reports.none'), about: t('reports.none_about') }}
    />
  )
}
