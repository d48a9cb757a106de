import { MultiSelect, NumberInput, Select, Switch, TagsInput, TextInput } from '@mantine/core'
import { useSave } from '../../app/api'
import { useWords } from '../../app/words'
import { ConfirmButton } from '../../ui/Confirm'
import { useDraft } from '../../ui/draft'
import { FormDrawer } from '../../ui/FormDrawer'
import { fieldProblem } from '../../ui/problem'
import type { Agent, AgentChange, Role } from '../../ui/schema'
import { useTeams } from '../names'

/** Conversations that one agent may be set to serve at once: the API's bound, they are one item in its table. */
const MOST_CAPACITY = 200

const ROLES: readonly Role[] = ['agent', 'supervisor', 'admin']

/** Makes an agent, or changes one. */
export function AgentForm({
  agent,
  readOnly,
  onClose,
}: {
  agent?: Agent
  readOnly: boolean
  onClose: () => void
}) {
  const { t } = useWords()
  const teams = useTeams()
  const draft = useDraft({
    name: agent?.name ?? '',
    email: agent?.email ?? '',
    external_id: agent?.external_id ?? '',
    avatar: agent?.avatar ?? '',
    role: agent?.role ?? ('agent' as Role),
    teams: agent?.teams ?? [],
    skills: agent?.skills ?? [],
    capacity: agent?.capacity ?? 5,
    disabled: agent?.disabled ?? false,
  })
  const save = useSave<Agent, AgentChange>(
    (body) => ({
      method: agent ? 'PATCH' : 'POST',
      path: agent ? `/v1/agents/${agent.id}` : '/v1/agents',
      body,
    }),
    ['/v1/agents', '/v1/teams'],
  )
  const { value, set } = draft
  const said = (field: string) => fieldProblem(save.error, field)
  const submit = () => {
    const { email, external_id, avatar, ...rest } = value
    // An empty field says nothing of somebody new; of somebody known it clears what was there.
    const change = (text: string, before: string | null | undefined) =>
      text || before ? { text } : undefined
    save.mutate(
      {
        ...rest,
        ...(change(email, agent?.email) && { email }),
        ...(change(external_id, agent?.external_id) && { external_id }),
        ...(change(avatar, agent?.avatar) && { avatar }),
      },
      { onSuccess: onClose },
    )
  }
  return (
    <FormDrawer
      title={agent?.name ?? t('agents.new')}
      onClose={onClose}
      {...(readOnly ? {} : { onSave: submit })}
      readOnly={readOnly}
      dirty={draft.dirty}
      saving={save.isPending}
      problem={save.error}
      aside={
        agent &&
        !readOnly && (
          <ConfirmButton
            label={t('agents.revoke')}
            title={t('agents.revoke_title', { name: agent.name })}
            about={t('agents.revoke_about')}
            button={{ variant: 'subtle', color: 'red' }}
            write={{ method: 'POST', path: `/v1/agents/${agent.id}/revoke` }}
            changes={['/v1/agents']}
          />
        )
      }
    >
      <TextInput
        label={t('agents.name')}
        description={t('agents.name_hint')}
        value={value.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
        error={said('name')}
        required
        data-autofocus={!agent || undefined}
      />
      <TextInput
        label={t('agents.email')}
        type="email"
        value={value.email}
        onChange={(event) => set({ email: event.currentTarget.value })}
        error={said('email')}
      />
      <TextInput
        label={t('agents.external_id')}
        description={t('agents.external_id_hint')}
        value={value.external_id}
        onChange={(event) => set({ external_id: event.currentTarget.value })}
        error={said('external_id')}
      />
      <TextInput
        label={t('agents.avatar')}
        placeholder="https://…"
        value={value.avatar}
        onChange={(event) => set({ avatar: event.currentTarget.value })}
        error={said('avatar')}
      />
      <Select
        label={t('agents.role')}
        description={t(`role.${value.role}.about`)}
        data={ROLES.map((role) => ({ value: role, label: t(`role.${role}`) }))}
        value={value.role}
        onChange={(role) => role && set({ role: role as Role })}
        allowDeselect={false}
      />
      <MultiSelect
        label={t('ui.teams')}
        data={teams.choices}
        value={value.teams}
        onChange={(chosen) => set({ teams: chosen })}
        error={said('teams')}
        searchable
      />
      <TagsInput
        label={t('ui.skills')}
        description={t('agents.skills_hint')}
        value={value.skills}
        onChange={(skills) => set({ skills })}
        error={said('skills')}
        splitChars={[',', '，']}
      />
      <NumberInput
        label={t('agents.capacity')}
        description={t('agents.capacity_hint')}
        value={value.capacity}
        min={0}
        max={MOST_CAPACITY}
        allowDecimal={false}
        onChange={(capacity) => set({ capacity: Number(capacity) || 0 })}
        error={said('capacity')}
      />
      {agent && (
        <Switch
          label={t('agents.disable')}
          description={t('agents.disable_hint')}
          checked={value.disabled}
          onChange={(event) => set({ disabled: event.currentTarget.checked })}
        />
      )}
    </FormDrawer>
  )
}
