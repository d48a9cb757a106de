import { TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useWords } from '../../app/words'
import type { DialogProps } from './dialogs'
import css from './dialogs.module.css'
import { FormEnd } from './FormEnd'
import { REASON_CHARS } from './TransferForm'
import { useAction } from './useAction'

/** Closes a conversation, with a reason for colleagues if there is one to give. */
export function CloseForm({ id, onClose }: DialogProps) {
  const { t } = useWords()
  const action = useAction(id)
  const [reason, setReason] = useState('')
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const words = reason.trim()
    const done = await action.run({
      action: 'close',
      conversation: id,
      ...(words !== '' && { reason: words }),
    })
    if (done) onClose()
  }
  return (
    <form className={css.form} onSubmit={(event) => void submit(event)}>
      <TextInput
        data-autofocus
        label={t('close.reason')}
        description={t('close.reason_about')}
        maxLength={REASON_CHARS}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <FormEnd action={action} label={t('action.close')} onCancel={onClose} />
    </form>
  )
}
