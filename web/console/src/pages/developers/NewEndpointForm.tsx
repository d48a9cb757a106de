import { Input, SegmentedControl, Switch, TagsInput, TextInput } from '@mantine/core'
import { useSave } from '../../app/api'
import { useWords } from '../../app/words'
import { type Draft, useDraft } from '../../ui/draft'
import { FormDrawer } from '../../ui/FormDrawer'
import { fieldProblem } from '../../ui/problem'
import type { EndpointChange, NewEndpoint } from '../../ui/schema'
import css from '../../ui/ui.module.css'
import { EventsPicker } from './EventsPicker'

/** What somebody writes of an endpoint. */
export interface EndpointValues {
  url: string
  description: string
  events: string[]
  ordered: boolean
  not_from: string[]
}

/** Makes an endpoint; its secret is then shown, once. */
export function NewEndpointForm({
  onClose,
  onMade,
}: {
  onClose: () => void
  onMade: (made: NewEndpoint) => void
}) {
  const { t } = useWords()
  const draft = useDraft<EndpointValues & { signature: 'v1' | 'v1a' }>({
    url: '',
    description: '',
    events: ['*'],
    ordered: false,
    not_from: [],
    signature: 'v1',
  })
  const save = useSave<NewEndpoint, EndpointChange>(
    (body) => ({ method: 'POST', path: '/v1/webhooks', body }),
    ['/v1/webhooks'],
  )
  const submit = () => {
    const { description, ...rest } = draft.value
    save.mutate({ ...rest, ...(description && { description }) }, { onSuccess: onMade })
  }
  return (
    <FormDrawer
      title={t('webhooks.new')}
      size={600}
      onClose={onClose}
      onSave={submit}
      dirty={draft.dirty}
      saving={save.isPending}
      problem={save.error}
    >
      <EndpointFields draft={draft} problem={save.error} />
      <div>
        <Input.Label component="div" display="block" mb={4}>
          {t('webhooks.signature')}
        </Input.Label>
        <SegmentedControl
          value={draft.value.signature}
          onChange={(signature) => draft.set({ signature: signature === 'v1a' ? 'v1a' : 'v1' })}
          data={[
            { value: 'v1', label: t('webhooks.v1') },
            { value: 'v1a', label: t('webhooks.v1a') },
          ]}
        />
        <p className={css.about}>{t('webhooks.signature_hint')}</p>
      </div>
    </FormDrawer>
  )
}

/** The fields that a new endpoint and a known one share. */
export function EndpointFields<V extends EndpointValues>({
  draft,
  problem,
}: {
  draft: Draft<V>
  problem: unknown
}) {
  const { t } = useWords()
  const { value } = draft
  const set = (change: Partial<EndpointValues>) => draft.set(change as Partial<V>)
  return (
    <>
      <TextInput
        label={t('webhooks.url')}
        description={t('webhooks.url_hint')}
        placeholder="https://…"
        type="url"
        value={value.url}
        onChange={(event) => set({ url: event.currentTarget.value.trim() })}
        error={fieldProblem(problem, 'url')}
        required
      />
      <TextInput
        label={t('ui.description')}
        value={value.description}
        onChange={(event) => set({ description: event.currentTarget.value })}
        error={fieldProblem(problem, 'description')}
      />
      <EventsPicker
        value={value.events}
        onChange={(events) => set({ events })}
        error={fieldProblem(problem, 'events')}
      />
      <Switch
        label={t('webhooks.ordered')}
        description={t('webhooks.ordered_hint')}
        checked={value.ordered}
        onChange={(event) => set({ ordered: event.currentTarget.checked })}
      />
      <TagsInput
        label={t('webhooks.not_from')}
        description={t('webhooks.not_from_hint')}
        value={value.not_from}
        onChange={(not_from) => set({ not_from })}
        error={fieldProblem(problem, 'not_from')}
      />
    </>
  )
}
