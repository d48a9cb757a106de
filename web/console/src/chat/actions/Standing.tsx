import type { State } from '@deskwire/sdk'
import { useMe } from '../../app/api'
import { useWords } from '../../app/words'
import { useDirectory } from '../ChatProvider'
import { agentName, teamName } from '../names'
import { dayAndTime } from '../times'
import css from './ActionBar.module.css'

/** How a conversation stands, in words: its status, who has it, in which team. */
export function Standing({ state }: { state: State }) {
  const { t, language } = useWords()
  const { agent } = useMe()
  const directory = useDirectory()
  const held = state.status !== 'queued' && state.status !== 'bot' ? state.assignee : undefined
  const parts = [
    held === agent.id ? t('standing.you') : held ? agentName(held, directory) : undefined,
    teamName(state.team, directory),
    state.status === 'snoozed' && state.snoozed_until ? dayAndTime(state.snoozed_until, language) : undefined,
  ].filter((part) => part !== undefined && part !== '')
  return (
    <span className={css.standing}>
      <span className={css.status} data-status={state.status}>
        {t(`status.${state.status}`)}
      </span>
      {parts.map((part) => (
        <span key={part}>· {part}</span>
      ))}
    </span>
  )
}
