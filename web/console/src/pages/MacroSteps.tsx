import { Button, Group, Menu, SegmentedControl, Select, TagsInput, Textarea, TextInput } from '@mantine/core'
import IconPlus from '@tabler/icons-react/icons/IconPlus'
import { useWords } from '../app/words'
import { useDirectory } from '../chat/ChatProvider'
import { Ordered } from '../ui/Ordered'
import { Seconds } from '../ui/Seconds'
import type { MacroStep } from '../ui/schema'
import css from '../ui/ui.module.css'
import { useAgents, useTeams } from './names'

type Kind = MacroStep['do']
type StepOf<K extends Kind> = Extract<MacroStep, { do: K }>

/** A snooze that a new step begins with: until after lunch. */
const SNOOZE_SECONDS = 3_600

/** What a new step of each kind begins as. */
const NEW: { [K in Kind]: StepOf<K> } = {
  send: { do: 'send', text: '' },
  note: { do: 'note', text: '' },
  label: { do: 'label', add: [], remove: [] },
  transfer: { do: 'transfer', to: { team: '' } },
  assign: { do: 'assign', agent: '' },
  snooze: { do: 'snooze', seconds: SNOOZE_SECONDS },
  close: { do: 'close' },
  call_bot: { do: 'call_bot' },
}

const KINDS = Object.keys(NEW) as Kind[]

/** The steps of a macro: in order, each with what it needs. */
export function MacroSteps({
  steps,
  onChange,
}: {
  steps: MacroStep[]
  onChange: (steps: MacroStep[]) => void
}) {
  const { t } = useWords()
  return (
    <div>
      <h3 className={css.sectionTitle}>{t('macros.steps')}</h3>
      <p className={css.about} style={{ marginBottom: 10 }}>
        {steps.length > 0 ? t('macros.steps_hint') : t('macros.no_steps')}{' '}
        {t('macros.texts_hint', { contact: '{{ contact.name }}', agent: '{{ agent.name }}' })}
      </p>
      <Ordered
        items={steps}
        onChange={onChange}
        removable
        render={(step, at) => (
          <div>
            <div style={{ fontSize: 13, fontWeight: 550, lineHeight: '28px' }}>{t(`step.${step.do}`)}</div>
            <StepFields
              step={step}
              onChange={(next) => onChange(steps.map((one, other) => (other === at ? next : one)))}
            />
          </div>
        )}
      />
      <Menu position="bottom-start">
        <Menu.Target>
          <Button variant="default" size="xs" mt={8} leftSection={<IconPlus size={14} />}>
            {t('macros.add_step')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {KINDS.map((kind) => (
            <Menu.Item key={kind} onClick={() => onChange([...steps, NEW[kind]])}>
              {t(`step.${kind}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </div>
  )
}

function StepFields({ step, onChange }: { step: MacroStep; onChange: (step: MacroStep) => void }) {
  const { t } = useWords()
  const agents = useAgents()
  switch (step.do) {
    case 'send':
    case 'note':
      return (
        <Textarea
          aria-label={t(`step.${step.do}`)}
          value={step.text}
          onChange={(event) => onChange({ ...step, text: event.currentTarget.value })}
          autosize
          minRows={2}
          maxRows={10}
          mb={6}
        />
      )
    case 'label':
      return <LabelFields step={step} onChange={onChange} />
    case 'transfer':
      return <TransferFields step={step} onChange={onChange} />
    case 'assign':
      return (
        <Select
          aria-label={t('macros.agent')}
          placeholder={t('macros.agent')}
          data={agents.choices}
          value={step.agent || null}
          onChange={(agent) => onChange({ ...step, agent: agent ?? '' })}
          searchable
          mb={6}
        />
      )
    case 'snooze':
      return (
        <div style={{ marginBottom: 6 }}>
          <Seconds
            label={t('macros.seconds')}
            value={step.seconds}
            units={['minutes', 'hours', 'days']}
            onChange={(seconds) => onChange({ ...step, seconds })}
          />
        </div>
      )
    case 'close':
      return (
        <TextInput
          aria-label={t('macros.reason')}
          placeholder={t('macros.reason')}
          value={step.reason ?? ''}
          onChange={(event) => {
            const reason = event.currentTarget.value
            onChange(reason ? { do: 'close', reason } : { do: 'close' })
          }}
          mb={6}
        />
      )
    case 'call_bot':
      return null
  }
}

function LabelFields({ step, onChange }: { step: StepOf<'label'>; onChange: (step: MacroStep) => void }) {
  const { t } = useWords()
  const known = [...useDirectory().labels.keys()]
  return (
    <>
      <TagsInput
        label={t('macros.add_labels')}
        data={known}
        value={step.add ?? []}
        onChange={(add) => onChange({ ...step, add })}
        mb={6}
      />
      <TagsInput
        label={t('macros.remove_labels')}
        data={known}
        value={step.remove ?? []}
        onChange={(remove) => onChange({ ...step, remove })}
        mb={6}
      />
    </>
  )
}

function TransferFields({
  step,
  onChange,
}: {
  step: StepOf<'transfer'>
  onChange: (step: MacroStep) => void
}) {
  const { t } = useWords()
  const agents = useAgents()
  const teams = useTeams()
  const toTeam = 'team' in step.to
  const target = 'team' in step.to ? step.to.team : step.to.agent
  return (
    <>
      <Group gap={8} mb={6} wrap="nowrap">
        <SegmentedControl
          size="xs"
          value={toTeam ? 'team' : 'agent'}
          onChange={(kind) => onChange({ ...step, to: kind === 'team' ? { team: '' } : { agent: '' } })}
          data={[
            { value: 'team', label: t('ui.team') },
            { value: 'agent', label: t('macros.agent') },
          ]}
        />
        <Select
          style={{ flex: 1 }}
          aria-label={t('macros.to')}
          placeholder={t('macros.to')}
          data={toTeam ? teams.choices : agents.choices}
          value={target || null}
          onChange={(id) => onChange({ ...step, to: toTeam ? { team: id ?? '' } : { agent: id ?? '' } })}
          searchable
        />
      </Group>
      <TextInput
        aria-label={t('macros.note')}
        placeholder={t('macros.note')}
        value={step.note ?? ''}
        onChange={(event) => {
          const { note: _, ...rest } = step
          const note = event.currentTarget.value
          onChange(note ? { ...rest, note } : rest)
        }}
        mb={6}
      />
    </>
  )
}
