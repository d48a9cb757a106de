import { Textarea, TextInput } from '@mantine/core'
import { useSave } from '../../app/api'
import { useWords } from '../../app/words'
import { ConfirmDelete } from '../../ui/Confirm'
import { useDraft } from '../../ui/draft'
import { FormDrawer } from '../../ui/FormDrawer'
import { fixed } from '../../ui/fields'
import { fieldProblem } from '../../ui/problem'
import type { Intent, IntentAction, IntentChange, IntentExample } from '../../ui/schema'
import { ActionEditor } from './ActionEditor'
import { cleanAction } from './action'
import { Examples } from './Examples'

const PATH = '/v1/intents'

/** Makes an intent, or changes one: what is done about it, and what visitors write who want it. */
export function IntentForm({
  intent,
  readOnly,
  onClose,
}: {
  intent?: Intent
  readOnly: boolean
  onClose: () => void
}) {
  const { t } = useWords()
  const draft = useDraft({
    name: intent?.name ?? '',
    description: intent?.description ?? '',
    action: intent?.action ?? ({ do: 'knowledge' } as IntentAction),
    examples: intent?.examples ?? ([] as IntentExample[]),
  })
  const { value, set } = draft
  const path = (name: string) => `${PATH}/${encodeURIComponent(name)}`
  const save = useSave<Intent, IntentChange>(
    (body) => ({ method: 'PUT', path: path(value.name), body }),
    [PATH],
  )
  const submit = () =>
    save.mutate(
      {
        ...((value.description || intent?.description) && { description: value.description }),
        action: cleanAction(value.action),
        examples: value.examples.filter((example) => example.text.trim()),
        // Only if it is still what was seen: two who edit an intent do not undo each other.
        ...(intent && { version: intent.version }),
      } as IntentChange,
      { onSuccess: onClose },
    )
  return (
    <FormDrawer
      title={intent?.name ?? t('intents.new')}
      size={640}
      onClose={onClose}
      {...(readOnly ? {} : { onSave: submit })}
      readOnly={readOnly}
      dirty={draft.dirty}
      ready={value.name !== ''}
      saving={save.isPending}
      problem={save.error}
      aside={
        intent &&
        !readOnly && (
          <ConfirmDelete
            name={intent.name}
            about={t('intents.delete_about')}
            path={path(intent.name)}
            changes={[PATH]}
            onDone={onClose}
          />
        )
      }
    >
      <TextInput
        label={t('ui.name')}
        description={t('intents.name_hint')}
        value={value.name}
        onChange={(event) => set({ name: event.currentTarget.value.trim().toLowerCase() })}
        error={fieldProblem(save.error, 'name')}
        {...fixed(intent !== undefined)}
        required
        data-autofocus={!intent || undefined}
      />
      <Textarea
        label={t('ui.description')}
        value={value.description}
        onChange={(event) => set({ description: event.currentTarget.value })}
        error={fieldProblem(save.error, 'description')}
        autosize
        minRows={1}
      />
      <ActionEditor value={value.action} onChange={(action) => set({ action })} problem={save.error} />
      <Examples value={value.examples} onChange={(examples) => set({ examples })} />
    </FormDrawer>
  )
}
