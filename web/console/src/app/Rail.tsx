import { Tooltip, UnstyledButton } from '@mantine/core'
import { spotlight } from '@mantine/spotlight'
import IconChartBar from '@tabler/icons-react/icons/IconChartBar'
import IconCode from '@tabler/icons-react/icons/IconCode'
import IconMessages from '@tabler/icons-react/icons/IconMessages'
import IconSearch from '@tabler/icons-react/icons/IconSearch'
import IconSettings from '@tabler/icons-react/icons/IconSettings'
import IconSparkles from '@tabler/icons-react/icons/IconSparkles'
import { Link } from '@tanstack/react-router'
import type { ComponentType } from 'react'
import { useUnread } from '../chat/unread'
import { useMe } from './api'
import { Logo } from './Logo'
import { MentionMenu } from './MentionMenu'
import css from './Shell.module.css'
import { GROUPS, pagesFor, pathOf, type Section } from './sections'
import { UserMenu } from './UserMenu'
import { useWords } from './words'

const ICONS: Record<Section, ComponentType<{ size?: number; stroke?: number }>> = {
  inbox: IconMessages,
  work: IconChartBar,
  ai: IconSparkles,
  company: IconSettings,
  developers: IconCode,
}

/** The narrow column at the left: the parts of the console, and oneself. */
export function Rail({ section }: { section: Section }) {
  const { t } = useWords()
  const { role } = useMe()
  const unread = useUnread().total
  const groups = GROUPS.flatMap((group) => {
    const [first] = pagesFor(role, group)
    return first ? [{ group, to: pathOf(first) }] : []
  })
  return (
    <nav className={css.rail} aria-label={t('shell.sections')}>
      <span className={css.logo}>
        <Logo size={30} />
      </span>
      <RailLink section="inbox" to="/inbox/mine" active={section === 'inbox'} count={unread} />
      {groups.map(({ group, to }) => (
        <RailLink key={group} section={group} to={to} active={section === group} />
      ))}
      <span className={css.spring} />
      <Tooltip label={`${t('shell.search')}  ⌘K`} position="right">
        <UnstyledButton
          className={css.railItem ?? ''}
          onClick={spotlight.open}
          aria-label={t('shell.search')}
        >
          <IconSearch size={20} stroke={1.7} />
        </UnstyledButton>
      </Tooltip>
      <MentionMenu />
      <UserMenu />
    </nav>
  )
}

function RailLink(props: { section: Section; to: string; active: boolean; count?: number }) {
  const { t } = useWords()
  const Icon = ICONS[props.section]
  const name = t(`section.${props.section}`)
  const count = props.count ?? 0
  return (
    <Tooltip label={name} position="right">
      <Link
        to={props.to}
        className={css.railItem}
        data-active={props.active || undefined}
        aria-current={props.active ? 'page' : undefined}
        aria-label={name}
      >
        <Icon size={21} stroke={1.7} />
        {count > 0 && <span className={css.badge}>{count > 99 ? '99+' : count}</span>}
      </Link>
    </Tooltip>
  )
}
