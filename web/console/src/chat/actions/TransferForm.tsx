import { Textarea } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useWords } from '../../app/words'
import { useDirectory } from '../ChatProvider'
import type { DialogProps } from './dialogs'
import css from './dialogs.module.css'
import { FormEnd } from './FormEnd'
import { PeopleSelect } from './PeopleSelect'
import { useAction } from './useAction'

/** Characters of a note for a transfer: the server's limit (`limits.rs`, REASON_CHARS). */
export const REASON_CHARS = 500

/** Offers a conversation to an agent or a team. */
export function TransferForm({ id, state, onClose }: DialogProps) {
  const { t } = useWords()
  const { agents } = useDirectory()
  const action = useAction(id)
  const [to, setTo] = useState<string | null>(null)
  const [note, setNote] = useState('')
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!to) return
    const target = agents.has(to) ? { agent: to } : { team: to }
    const words = note.trim()
    const done = await action.run({
      action: 'transfer',
      conversation: id,
      to: target,
      ...(words !== '' && { note: words }),
    })
    if (done) onClose()
  }
  return (
    <form className={css.form} onSubmit={(event) => void submit(event)}>
      <PeopleSelect
        label={t('transfer.to')}
        withTeams
        except={state.assignee ?? undefined}
        value={to}
        onChange={setTo}
      />
      <Textarea
        label={t('transfer.note')}
        placeholder={t('transfer.note_hint')}
        autosize
        minRows={2}
        maxRows={8}
        maxLength={REASON_CHARS}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <FormEnd action={action} label={t('action.transfer')} disabled={!to} onCancel={onClose} />
    </form>
  )
}
