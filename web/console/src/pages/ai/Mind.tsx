import { Autocomplete, NumberInput, SegmentedControl, Select, TextInput } from '@mantine/core'
import { useAll } from '../../app/api'
import { useWords } from '../../app/words'
import { NARROW } from '../../ui/fields'
import { Section } from '../../ui/Page'
import { fieldProblem } from '../../ui/problem'
import type { AiSettings, ModelSettings, RemoteSettings, SecretName } from '../../ui/schema'
import css from '../../ui/ui.module.css'
import type { Part } from './settings'

const MINDS = ['local', 'model', 'remote'] as const

/** Seconds that a model may think; the API's bounds and what it has unless said. */
const MODEL_SECONDS = { min: 1, max: 25, usual: 15 }

/** Milliseconds that a remote mind may think; the API's bounds and what it has unless said. */
const REMOTE_MS = { min: 100, max: 25_000, usual: 5_000 }

const NEW_MODEL: ModelSettings = { kind: 'openai', url: '', model: '', timeout_seconds: MODEL_SECONDS.usual }
const NEW_REMOTE: RemoteSettings = { url: '', timeout_ms: REMOTE_MS.usual }

/** Which mind answers, and where it is. */
export function Mind({ draft, problem }: Part) {
  const { t } = useWords()
  const { value, set } = draft
  const mind = value.agent ?? 'local'
  const choose = (next: string) => {
    const agent = MINDS.find((one) => one === next) ?? 'local'
    set({
      agent,
      ...(agent === 'model' && !value.model && { model: NEW_MODEL }),
      ...(agent === 'remote' && !value.remote && { remote: NEW_REMOTE }),
    } as Partial<AiSettings>)
  }
  return (
    <Section title={t('ai.mind')} about={t('ai.mind_hint')}>
      <div>
        <SegmentedControl
          value={mind}
          onChange={choose}
          data={MINDS.map((one) => ({ value: one, label: t(`mind.${one}`) }))}
        />
        <p className={css.about}>{t(`mind.${mind}.about`)}</p>
      </div>
      {mind === 'model' && (
        <Model value={value.model ?? NEW_MODEL} onChange={(model) => set({ model })} problem={problem} />
      )}
      {mind === 'remote' && (
        <Remote value={value.remote ?? NEW_REMOTE} onChange={(remote) => set({ remote })} problem={problem} />
      )}
      {mind !== 'local' && <Budget draft={draft} problem={problem} />}
    </Section>
  )
}

function KeySecret(props: {
  value: string | null | undefined
  onChange: (name: string | undefined) => void
}) {
  const { t } = useWords()
  const names = useAll<SecretName>('/v1/secrets').rows.map((secret) => secret.name)
  return (
    <Autocomplete
      label={t('ai.key')}
      description={t('ai.key_hint')}
      data={names}
      value={props.value ?? ''}
      onChange={(name) => props.onChange(name || undefined)}
    />
  )
}

interface ModelProps {
  value: ModelSettings
  onChange: (model: ModelSettings) => void
  problem: unknown
}

function Model({ value, onChange, problem }: ModelProps) {
  const { t } = useWords()
  return (
    <>
      <Select
        label={t('ai.model_kind')}
        data={[
          { value: 'openai', label: t('ai.openai') },
          { value: 'bedrock', label: t('ai.bedrock') },
        ]}
        value={value.kind}
        allowDeselect={false}
        maw={420}
        onChange={(kind) => {
          const timeout_seconds = value.timeout_seconds ?? MODEL_SECONDS.usual
          const kept = { model: value.model, timeout_seconds }
          onChange(kind === 'bedrock' ? { kind, ...kept } : { kind: 'openai', url: '', ...kept })
        }}
      />
      {value.kind === 'openai' && (
        <TextInput
          label={t('ai.url')}
          placeholder="https://llm.example/v1"
          value={value.url}
          onChange={(event) => onChange({ ...value, url: event.currentTarget.value.trim() })}
          error={fieldProblem(problem, 'url')}
        />
      )}
      <TextInput
        label={t('ai.model')}
        description={t('ai.model_hint')}
        value={value.model}
        onChange={(event) => onChange({ ...value, model: event.currentTarget.value })}
        error={fieldProblem(problem, 'model')}
        maw={420}
      />
      {value.kind === 'openai' && <OpenAiOnly value={value} onChange={onChange} />}
      <NumberInput
        label={t('ai.timeout')}
        description={t('ai.timeout_hint')}
        {...NARROW}
        suffix=" s"
        min={MODEL_SECONDS.min}
        max={MODEL_SECONDS.max}
        value={value.timeout_seconds ?? MODEL_SECONDS.usual}
        onChange={(seconds) =>
          onChange({ ...value, timeout_seconds: Number(seconds) || MODEL_SECONDS.usual })
        }
        error={fieldProblem(problem, 'timeout_seconds')}
      />
    </>
  )
}

function OpenAiOnly(props: {
  value: Extract<ModelSettings, { kind: 'openai' }>
  onChange: (model: ModelSettings) => void
}) {
  const { t } = useWords()
  const { key_secret: key, embeddings, ...rest } = props.value
  const put = (name: string | null | undefined, model: string | null | undefined) =>
    props.onChange({ ...rest, ...(name && { key_secret: name }), ...(model && { embeddings: model }) })
  return (
    <>
      <KeySecret value={key} onChange={(name) => put(name, embeddings)} />
      <TextInput
        label={t('ai.embeddings')}
        description={t('ai.embeddings_hint')}
        value={embeddings ?? ''}
        onChange={(event) => put(key, event.currentTarget.value)}
        maw={420}
      />
    </>
  )
}

function Remote(props: {
  value: RemoteSettings
  onChange: (remote: RemoteSettings) => void
  problem: unknown
}) {
  const { t } = useWords()
  const { value, onChange } = props
  return (
    <>
      <TextInput
        label={t('ai.url')}
        placeholder="https://mind.example:443"
        value={value.url}
        onChange={(event) => onChange({ ...value, url: event.currentTarget.value.trim() })}
        error={fieldProblem(props.problem, 'url')}
      />
      <KeySecret
        value={value.key_secret}
        onChange={(name) => {
          const { key_secret: _, ...rest } = value
          onChange(name ? { ...rest, key_secret: name } : rest)
        }}
      />
      <NumberInput
        label={t('ai.timeout')}
        description={t('ai.timeout_hint')}
        {...NARROW}
        suffix=" ms"
        min={REMOTE_MS.min}
        max={REMOTE_MS.max}
        step={100}
        value={value.timeout_ms ?? REMOTE_MS.usual}
        onChange={(ms) => onChange({ ...value, timeout_ms: Number(ms) || REMOTE_MS.usual })}
        error={fieldProblem(props.problem, 'timeout_ms')}
      />
    </>
  )
}

/** A step of a budget's field, in tokens. */
const TOKENS = 10_000

function Budget({ draft }: Part) {
  const { t } = useWords()
  const budget = draft.value.budget
  const field = (name: 'conversation_tokens' | 'day_tokens') => (
    <NumberInput
      key={name}
      label={t(`ai.${name}`)}
      thousandSeparator=" "
      min={0}
      step={TOKENS}
      w={220}
      value={budget?.[name] ?? 0}
      onChange={(tokens) =>
        draft.set({ budget: { ...budget, [name]: Number(tokens) || 0 } as NonNullable<AiSettings['budget']> })
      }
    />
  )
  return (
    <div>
      <h3 className={css.sectionTitle}>{t('ai.budget')}</h3>
      <p className={css.about} style={{ marginBottom: 8 }}>
        {t('ai.budget_hint')}
      </p>
      <div style={{ display: 'flex', gap: 12, flexWrap: 'wrap' }}>
        {field('conversation_tokens')}
        {field('day_tokens')}
      </div>
    </div>
  )
}
