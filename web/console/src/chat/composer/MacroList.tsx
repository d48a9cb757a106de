import { Loader, UnstyledButton } from '@mantine/core'
import { useAll } from '../../app/api'
import { useWords } from '../../app/words'
import { ProblemAlert } from '../../ui/ProblemAlert'
import type { Macro } from '../../ui/schema'
import { useTask } from '../../ui/useTask'
import css from './Composer.module.css'
import { useMacro } from './macros'

/** The macros; a click does one. */
export function MacroList({ conversation, onDone }: { conversation: string; onDone: () => void }) {
  const { t } = useWords()
  const list = useAll<Macro>('/v1/macros')
  const { run, busy, problem } = useTask()
  const start = useMacro(conversation)
  if (list.loading) return <Loader size="xs" m="sm" />
  if (list.problem) return <ProblemAlert problem={list.problem} onRetry={list.reload} />
  if (list.rows.length === 0) return <p className={css.none}>{t('macro.none')}</p>
  return (
    <div className={css.menu}>
      <ProblemAlert problem={problem} />
      {list.rows.map((macro) => (
        <UnstyledButton
          key={macro.name}
          className={css.choice ?? ''}
          disabled={busy}
          onClick={() => void run(() => start(macro)).then((done) => done && onDone())}
        >
          <span className={css.choiceTitle}>{macro.title || macro.name}</span>
          <span className={css.dim}>{t('macro.steps', { count: macro.steps.length })}</span>
        </UnstyledButton>
      ))}
    </div>
  )
}
