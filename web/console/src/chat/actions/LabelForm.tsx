import { TagsInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useWords } from '../../app/words'
import { useDirectory } from '../ChatProvider'
import type { DialogProps } from './dialogs'
import css from './dialogs.module.css'
import { FormEnd } from './FormEnd'
import { useAction } from './useAction'

/** Labels of one conversation, and characters of a label: the server's limits (`limits.rs`, LABELS, LABEL_CHARS). */
export const MAX_LABELS = 20
const LABEL_CHARS = 40

/** Changes the labels of a conversation. */
export function LabelForm({ id, state, onClose }: DialogProps) {
  const { t } = useWords()
  const { labels } = useDirectory()
  const action = useAction(id)
  const [before] = useState<readonly string[]>(state.labels ?? [])
  const [chosen, setChosen] = useState<string[]>([...before])
  const add = chosen.filter((label) => !before.includes(label))
  const remove = before.filter((label) => !chosen.includes(label))
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const none = add.length === 0 && remove.length === 0
    if (none || (await action.run({ action: 'label', conversation: id, add, remove }))) onClose()
  }
  return (
    <form className={css.form} onSubmit={(event) => void submit(event)}>
      <TagsInput
        data-autofocus
        label={t('inbox.label')}
        data={[...labels.keys()]}
        value={chosen}
        onChange={(next) => setChosen(next.map((label) => label.slice(0, LABEL_CHARS)))}
        maxTags={MAX_LABELS}
        clearable
      />
      <FormEnd action={action} label={t('ui.save')} onCancel={onClose} />
    </form>
  )
}
