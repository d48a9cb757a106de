import { useBlocker } from '@tanstack/react-router'
import { useWords } from '../app/words'
import { Confirm } from './Confirm'

const yes = () => true

/** Somebody is about to leave what they have not saved: by an address, or by the browser's Back. */
export interface Leave {
  asked: boolean
  stay: () => void
  go: () => void
}

/** Holds whoever leaves by another address while something would be lost; closing the tab is asked about by the browser. */
export function useLeave(dirty: boolean): Leave {
  const { status, reset, proceed } = useBlocker({
    shouldBlockFn: yes,
    disabled: !dirty,
    withResolver: true,
  })
  return { asked: status === 'blocked', stay: () => reset?.(), go: () => proceed?.() }
}

/** Asks whether what was written may be lost. */
export function DiscardAsk(props: { opened: boolean; onKeep: () => void; onDiscard: () => void }) {
  const { t } = useWords()
  return (
    <Confirm
      opened={props.opened}
      title={t('ui.discard_title')}
      about={t('ui.discard_about')}
      action={t('ui.discard')}
      cancel={t('ui.keep_editing')}
      onCancel={props.onKeep}
      onConfirm={props.onDiscard}
    />
  )
}
