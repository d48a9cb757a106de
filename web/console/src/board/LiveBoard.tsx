import { ActionIcon, Group, Skeleton } from '@mantine/core'
import IconRefresh from '@tabler/icons-react/icons/IconRefresh'
import { useWords } from '../app/words'
import { useSecond } from '../ui/clock'
import { duration } from '../ui/format'
import { Stat } from '../ui/Mark'
import { Page } from '../ui/Page'
import { ProblemAlert } from '../ui/ProblemAlert'
import type { DayReport, LiveReport, LiveTeam, Spread } from '../ui/schema'
import { TimeAgo } from '../ui/TimeAgo'
import css from '../ui/ui.module.css'
import { Agents } from './Agents'
import { LiveCharts } from './LiveCharts'
import { Teams } from './Teams'
import { useLive } from './useLive'
import { oldest, waited } from './waiting'

/** The supervisor's live board: what waits, who is there, and how the day goes. */
export default function LiveBoard() {
  const { t } = useWords()
  const { data, error, refetch, trend } = useLive()
  return (
    <Page
      title={t('live.title')}
      about={t('live.about')}
      wide
      actions={
        <Group gap={10}>
          {data && (
            <span className={css.hint} role="status">
              {t(error ? 'live.paused' : 'live.updated')} <TimeAgo at={data.at} />
            </span>
          )}
          <ActionIcon aria-label={t('ui.refresh')} variant="default" onClick={() => void refetch()}>
            <IconRefresh size={15} />
          </ActionIcon>
        </Group>
      }
    >
      {error && (
        <div style={{ marginBottom: 14 }}>
          <ProblemAlert problem={error} onRetry={() => void refetch()} />
        </div>
      )}
      {!data && !error && <Skeleton height={420} />}
      {data && (
        <>
          <Now report={data} />
          <LiveCharts teams={data.teams} trend={trend} />
          <Teams teams={data.teams} />
          <Today day={data.today} />
          <Agents agents={data.agents} />
        </>
      )}
    </Page>
  )
}

function sum(teams: readonly LiveTeam[], key: 'queued' | 'active'): number {
  return teams.reduce((total, team) => total + team[key], 0)
}

/** Seconds of waiting from which on it is drawn yellow, then red: what a visitor of a chat takes for long. */
const LONG = 60
const TOO_LONG = 180

function Now({ report }: { report: LiveReport }) {
  const { t } = useWords()
  const now = useSecond()
  const queued = sum(report.teams, 'queued')
  const wait = waited(oldest(report.teams), now)
  // An agent in two teams is one agent: places are counted by agent, not by team.
  const there = report.agents.filter((agent) => agent.status === 'online')
  const away = report.agents.filter((agent) => agent.status === 'away').length
  const capacity = there.reduce((total, agent) => total + agent.capacity, 0)
  const free = there.reduce((total, agent) => total + Math.max(0, agent.capacity - agent.load), 0)
  const tone = wait === undefined || wait < LONG ? 'good' : wait < TOO_LONG ? 'warn' : 'bad'
  return (
    <div className={css.stats}>
      <Stat label={t('live.queued')} value={queued} tone={queued === 0 ? 'good' : tone} />
      <Stat
        label={t('live.oldest')}
        value={duration(wait)}
        tone={tone}
        hint={wait === undefined ? t('live.nobody_waits') : undefined}
      />
      <Stat label={t('live.active')} value={sum(report.teams, 'active')} />
      <Stat
        label={t('live.agents_online')}
        value={there.length}
        tone={there.length > 0 ? 'good' : 'bad'}
        hint={t('live.agents_away', { count: away })}
      />
      <Stat
        label={t('live.free')}
        value={free}
        hint={t('live.free_of', { capacity })}
        tone={free > 0 ? 'good' : 'warn'}
      />
    </div>
  )
}

function Today({ day }: { day: DayReport }) {
  const { t } = useWords()
  const spread = (of: Spread) => (of.count > 0 ? t('live.half_below', { p90: duration(of.p90) }) : undefined)
  return (
    <section style={{ marginTop: 24 }}>
      <h2 className={css.sectionTitle}>{t('live.today')}</h2>
      <p className={css.about} style={{ marginBottom: 10 }}>
        {t('live.today_utc')}
      </p>
      <div className={css.stats}>
        <Stat label={t('reports.opened')} value={day.opened} />
        <Stat label={t('reports.closed')} value={day.closed} />
        <Stat label={t('reports.transferred')} value={day.transferred} />
        <Stat label={t('reports.waited')} value={duration(day.waited.p50)} hint={spread(day.waited)} />
        <Stat
          label={t('reports.first_response')}
          value={duration(day.first_response.p50)}
          hint={spread(day.first_response)}
        />
        <Stat
          label={t('live.resolution')}
          value={duration(day.resolution.p50)}
          hint={spread(day.resolution)}
        />
        <Stat
          label={t('reports.csat')}
          value={day.csat.mean?.toFixed(2) ?? '–'}
          hint={t('live.of_ratings', { count: day.csat.count })}
        />
      </div>
    </section>
  )
}
