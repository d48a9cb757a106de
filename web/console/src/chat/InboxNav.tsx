import IconArchive from '@tabler/icons-react/icons/IconArchive'
import IconClockPause from '@tabler/icons-react/icons/IconClockPause'
import IconHourglass from '@tabler/icons-react/icons/IconHourglass'
import IconInbox from '@tabler/icons-react/icons/IconInbox'
import IconSparkles from '@tabler/icons-react/icons/IconSparkles'
import IconStack2 from '@tabler/icons-react/icons/IconStack2'
import IconUsers from '@tabler/icons-react/icons/IconUsers'
import { Link } from '@tanstack/react-router'
import { type ComponentType, useMemo } from 'react'
import { useMe } from '../app/api'
import css from '../app/Shell.module.css'
import { useWords } from '../app/words'
import { useDirectory, useLiveRows } from './ChatProvider'
import { useUnread } from './unread'
import { useViewer } from './useViewer'
import { belongs, VIEW_WORDS, VIEWS, type View } from './views'

const ICONS: Record<View, ComponentType<{ size?: number; stroke?: number }>> = {
  mine: IconInbox,
  unassigned: IconHourglass,
  all: IconStack2,
  bot: IconSparkles,
  snoozed: IconClockPause,
  closed: IconArchive,
}

/** Counts of what is live; a list that is paged from the server has no count, for nobody knows it. */
function useCounts(teams: readonly string[]): ReadonlyMap<string, number> {
  const { rows, version } = useLiveRows()
  const viewer = useViewer()
  return useMemo(() => {
    void version
    const counts = new Map<string, number>()
    for (const row of rows.all()) {
      for (const view of ['mine', 'unassigned', 'bot', ...teams]) {
        if (belongs(row, view, {}, viewer)) counts.set(view, (counts.get(view) ?? 0) + 1)
      }
    }
    return counts
  }, [rows, version, viewer, teams])
}

/** The lists of conversations. */
export function InboxNav({ onChoose }: { onChoose?: () => void }) {
  const { t } = useWords()
  const { agent, role } = useMe()
  const { teams } = useDirectory()
  const own = agent.teams ?? []
  const shown = useMemo(
    () => [...teams.values()].filter((team) => role !== 'agent' || own.includes(team.id)),
    [teams, role, own],
  )
  const counts = useCounts(useMemo(() => shown.map((team) => team.id), [shown]))
  const unread = useUnread().total
  return (
    <nav className={css.links}>
      {VIEWS.map((view) => {
        const Icon = ICONS[view]
        return (
          <ViewLink
            key={view}
            view={view}
            icon={<Icon size={17} stroke={1.7} />}
            name={t(VIEW_WORDS[view])}
            count={counts.get(view) ?? 0}
            hot={view === 'mine' && unread > 0}
            onChoose={onChoose}
          />
        )
      })}
      {shown.length > 0 && <h3 className={css.group}>{t('ui.teams')}</h3>}
      {shown.map((team) => (
        <ViewLink
          key={team.id}
          view={team.id}
          icon={<IconUsers size={17} stroke={1.7} />}
          name={team.name}
          count={counts.get(team.id) ?? 0}
          onChoose={onChoose}
        />
      ))}
    </nav>
  )
}

function ViewLink(props: {
  view: string
  icon: React.ReactNode
  name: string
  count: number
  hot?: boolean
  onChoose?: (() => void) | undefined
}) {
  return (
    <Link
      to="/inbox/$view"
      params={{ view: props.view }}
      search={{}}
      onClick={props.onChoose}
      className={css.link}
      activeProps={{ 'data-active': true }}
    >
      {props.icon}
      <span className={css.linkText}>{props.name}</span>
      {props.count > 0 && (
        <span className={css.count} data-hot={props.hot || undefined}>
          {props.count}
        </span>
      )}
    </Link>
  )
}
