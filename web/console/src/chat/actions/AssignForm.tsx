import { type FormEvent, useState } from 'react'
import { useMe } from '../../app/api'
import { useWords } from '../../app/words'
import type { DialogProps } from './dialogs'
import css from './dialogs.module.css'
import { FormEnd } from './FormEnd'
import { PeopleSelect } from './PeopleSelect'
import { useAction } from './useAction'

/** Gives a conversation to an agent at once. */
export function AssignForm({ id, state, onClose }: DialogProps) {
  const { t } = useWords()
  const { agent } = useMe()
  const action = useAction(id)
  const held = state.status !== 'queued' && state.status !== 'bot' ? (state.assignee ?? undefined) : undefined
  const [to, setTo] = useState<string | null>(held === agent.id ? null : agent.id)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (to && (await action.run({ action: 'assign', conversation: id, agent: to }))) onClose()
  }
  return (
    <form className={css.form} onSubmit={(event) => void submit(event)}>
      <PeopleSelect label={t('inbox.assignee')} except={held} value={to} onChange={setTo} />
      <FormEnd action={action} label={t('action.assign')} disabled={!to} onCancel={onClose} />
    </form>
  )
}
