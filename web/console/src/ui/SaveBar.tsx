import { Button } from '@mantine/core'
import { useWords } from '../app/words'
import { ProblemAlert } from './ProblemAlert'
import css from './ui.module.css'

/** The foot of a page of settings: it is there once something was changed, and says why a change was refused. */
export function SaveBar(props: {
  dirty: boolean
  saving: boolean
  problem: unknown
  onSave: () => void
  onUndo: () => void
}) {
  const { t } = useWords()
  if (!props.dirty && !props.problem) return null
  return (
    <div className={css.saveBar}>
      {props.problem ? (
        <div style={{ flex: 1, minWidth: 260 }}>
          <ProblemAlert problem={props.problem} />
        </div>
      ) : (
        <span className={css.hint} style={{ flex: 1 }}>
          {t('ui.unsaved')}
        </span>
      )}
      <Button variant="default" onClick={props.onUndo}>
        {t('ui.undo')}
      </Button>
      <Button onClick={props.onSave} loading={props.saving}>
        {t('ui.save')}
      </Button>
    </div>
  )
}
