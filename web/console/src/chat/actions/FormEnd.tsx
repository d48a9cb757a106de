import { Button } from '@mantine/core'
import { useWords } from '../../app/words'
import { ActionProblem } from './ActionProblem'
import css from './dialogs.module.css'
import type { Action } from './useAction'

interface Props {
  action: Action
  label: string
  disabled?: boolean
  onCancel: () => void
}

/** The end of a dialog: why it was refused, and the two ways on. */
export function FormEnd({ action, label, disabled, onCancel }: Props) {
  const { t } = useWords()
  return (
    <>
      <ActionProblem action={action} />
      <div className={css.buttons}>
        <Button variant="default" onClick={onCancel}>
          {t('ui.cancel')}
        </Button>
        <Button type="submit" loading={action.busy} disabled={disabled ?? false}>
          {label}
        </Button>
      </div>
    </>
  )
}
