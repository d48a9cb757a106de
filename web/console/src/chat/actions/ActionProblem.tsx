import { CloseButton } from '@mantine/core'
import { useMe } from '../../app/api'
import { useWords } from '../../app/words'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { useDirectory } from '../ChatProvider'
import { agentName } from '../names'
import css from './ActionBar.module.css'
import type { Action } from './useAction'

/** Why a change was refused, and who has the conversation where somebody else was faster. */
export function ActionProblem({ action, inset }: { action: Action; inset?: boolean }) {
  const { t } = useWords()
  const { agent } = useMe()
  const directory = useDirectory()
  if (action.problem === undefined) return null
  return (
    <div className={css.problem} data-inset={inset || undefined}>
      <ProblemAlert problem={action.problem} />
      {action.holder && action.holder !== agent.id && (
        <div className={css.holder}>{t('action.holder', { name: agentName(action.holder, directory) })}</div>
      )}
      <CloseButton
        className={css.dismiss ?? ''}
        size="sm"
        aria-label={t('ui.close')}
        onClick={action.clear}
      />
    </div>
  )
}
