import '@mantine/dates/styles.layer.css'
import 'dayjs/locale/zh-cn'
import type { State } from '@deskwire/sdk'
import { Modal } from '@mantine/core'
import { DatesProvider } from '@mantine/dates'
import type { ComponentType } from 'react'
import { useWords, type WordKey } from '../../app/words'
import { AssignForm } from './AssignForm'
import { CloseForm } from './CloseForm'
import { LabelForm } from './LabelForm'
import { SnoozeForm } from './SnoozeForm'
import { TransferForm } from './TransferForm'

/** What asks for more before it is done. */
export type DialogName = 'transfer' | 'snooze' | 'close' | 'assign' | 'label'

/** What each of them is given. */
export interface DialogProps {
  id: string
  state: State
  onClose: () => void
}

const DIALOGS: Record<DialogName, { title: WordKey; form: ComponentType<DialogProps> }> = {
  transfer: { title: 'action.transfer', form: TransferForm },
  snooze: { title: 'action.snooze', form: SnoozeForm },
  close: { title: 'close.title', form: CloseForm },
  assign: { title: 'action.assign', form: AssignForm },
  label: { title: 'action.label', form: LabelForm },
}

/** The dialog that is asked for. */
export default function Dialogs({ name, ...props }: DialogProps & { name: DialogName }) {
  const { t, language } = useWords()
  const { title, form: Form } = DIALOGS[name]
  return (
    <Modal opened onClose={props.onClose} title={t(title)} size={420} yOffset="14vh" centered={false}>
      <DatesProvider settings={{ locale: language === 'zh' ? 'zh-cn' : 'en', firstDayOfWeek: 1 }}>
        <Form {...props} />
      </DatesProvider>
    </Modal>
  )
}
