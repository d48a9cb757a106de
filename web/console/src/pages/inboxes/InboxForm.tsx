import { Autocomplete, Select, Switch, Tabs, TextInput } from '@mantine/core'
import { useSave } from '../../app/api'
import { useWords } from '../../app/words'
import { type Draft, useDraft } from '../../ui/draft'
import { FormDrawer } from '../../ui/FormDrawer'
import { Hours } from '../../ui/Hours'
import { fieldProblem } from '../../ui/problem'
import { Seconds } from '../../ui/Seconds'
import type { BusinessHours, Inbox } from '../../ui/schema'
import { useTeams } from '../names'
import { Install } from './Install'
import { WidgetTab } from './WidgetTab'
import { sendable, type Widget, widgetOf } from './widget'

/** Days after closing in which a visitor's message reopens, unless said: as the server has it. */
const REOPEN_SECONDS = 3 * 86_400

interface Values {
  name: string
  channel: string
  team: string
  reopen_seconds: number
  bot: boolean
  widget: Widget
  hours: BusinessHours | null
}

/** Makes an inbox, or changes one: its team, its widget, its hours, and how it comes into a site. */
export function InboxForm({ inbox, onClose }: { inbox?: Inbox; onClose: () => void }) {
  const { t } = useWords()
  const first: Values = {
    name: inbox?.name ?? '',
    channel: inbox?.channel ?? 'web_widget',
    team: inbox?.team ?? '',
    reopen_seconds: inbox?.reopen_seconds ?? REOPEN_SECONDS,
    bot: inbox?.bot ?? false,
    widget: widgetOf(inbox?.widget),
    hours: inbox?.hours ?? null,
  }
  const draft = useDraft(first)
  const save = useSave<Inbox, Values>(
    (values) => ({
      method: inbox ? 'PATCH' : 'POST',
      path: inbox ? `/v1/inboxes/${inbox.id}` : '/v1/inboxes',
      body: changeOf(values, first, inbox === undefined),
    }),
    ['/v1/inboxes'],
  )
  return (
    <FormDrawer
      title={inbox?.name ?? t('inboxes.new')}
      size={920}
      onClose={onClose}
      onSave={() => save.mutate(draft.value, { onSuccess: onClose })}
      dirty={draft.dirty}
      ready={draft.value.name.trim() !== '' && draft.value.team !== ''}
      saving={save.isPending}
      problem={save.error}
    >
      <Tabs defaultValue="general">
        <Tabs.List mb="md">
          <Tabs.Tab value="general">{t('inboxes.general')}</Tabs.Tab>
          <Tabs.Tab value="widget">{t('inboxes.widget')}</Tabs.Tab>
          <Tabs.Tab value="hours">{t('inboxes.hours')}</Tabs.Tab>
          {inbox && <Tabs.Tab value="install">{t('inboxes.install')}</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="general">
          <General draft={draft} problem={save.error} isNew={inbox === undefined} />
        </Tabs.Panel>
        <Tabs.Panel value="widget">
          <WidgetTab
            value={draft.value.widget}
            onChange={(change) => draft.set({ widget: { ...draft.value.widget, ...change } })}
            inboxName={draft.value.name}
          />
        </Tabs.Panel>
        <Tabs.Panel value="hours">
          <Hours
            value={draft.value.hours}
            onChange={(hours) => draft.set({ hours })}
            about={t('inboxes.hours_hint')}
          />
        </Tabs.Panel>
        {inbox && (
          <Tabs.Panel value="install">
            <Install inbox={inbox.id} />
          </Tabs.Panel>
        )}
      </Tabs>
    </FormDrawer>
  )
}

/** What was changed: what is left out stays, and a server without widgets is not told of them in vain. */
function changeOf(values: Values, first: Values, isNew: boolean): Record<string, unknown> {
  const change: Record<string, unknown> = {}
  for (const key of Object.keys(values) as (keyof Values)[]) {
    const same = JSON.stringify(values[key]) === JSON.stringify(first[key])
    const basic = key !== 'widget' && key !== 'hours'
    if (!same || (isNew && basic)) change[key] = key === 'widget' ? sendable(values.widget) : values[key]
  }
  return change
}

function General({ draft, problem, isNew }: { draft: Draft<Values>; problem: unknown; isNew: boolean }) {
  const { t } = useWords()
  const teams = useTeams()
  const { value, set } = draft
  return (
    <div style={{ display: 'grid', gap: 16, maxWidth: 520 }}>
      <TextInput
        label={t('ui.name')}
        value={value.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
        error={fieldProblem(problem, 'name')}
        required
        data-autofocus={isNew || undefined}
      />
      <Autocomplete
        label={t('inboxes.channel')}
        description={t('inboxes.channel_hint')}
        data={['web_widget', 'api']}
        value={value.channel}
        onChange={(channel) => set({ channel })}
        error={fieldProblem(problem, 'channel')}
      />
      <Select
        label={t('ui.team')}
        description={t('inboxes.team_hint')}
        data={teams.choices}
        value={value.team || null}
        onChange={(team) => set({ team: team ?? '' })}
        error={fieldProblem(problem, 'team')}
        required
        searchable
      />
      <Switch
        label={t('inboxes.bot')}
        description={t('inboxes.bot_hint')}
        checked={value.bot}
        onChange={(event) => set({ bot: event.currentTarget.checked })}
      />
      <Seconds
        label={t('inboxes.reopen_label')}
        description={t('inboxes.reopen_hint')}
        value={value.reopen_seconds}
        units={['minutes', 'hours', 'days']}
        onChange={(seconds) => set({ reopen_seconds: seconds })}
        error={fieldProblem(problem, 'reopen_seconds')}
      />
    </div>
  )
}
