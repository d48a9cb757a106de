import { Input, NumberInput, Skeleton, Slider, Switch, Textarea } from '@mantine/core'
import { useOne, useSave } from '../../app/api'
import { useWords } from '../../app/words'
import { useDraft } from '../../ui/draft'
import { NARROW } from '../../ui/fields'
import { percent } from '../../ui/format'
import { Hours } from '../../ui/Hours'
import { Page, Section } from '../../ui/Page'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { fieldProblem } from '../../ui/problem'
import { SaveBar } from '../../ui/SaveBar'
import type { AiSettings } from '../../ui/schema'
import css from '../../ui/ui.module.css'
import { HandOver } from './HandOver'
import { Mind } from './Mind'
import { Phrases } from './Phrases'
import { Privacy } from './Privacy'
import { type Part, sendable } from './settings'
import { Vocabulary } from './Vocabulary'

const PATH = '/v1/ai'

/** The page on which an administrator sets the AI agent up. */
export default function AiSetUp() {
  const { t } = useWords()
  const { data, error, refetch } = useOne<AiSettings>(PATH)
  return (
    <Page title={t('ai.title')} about={t('ai.about')}>
      <ProblemAlert problem={error} onRetry={() => void refetch()} />
      {!data && !error && <Skeleton height={420} />}
      {data && <SetUp first={data} />}
    </Page>
  )
}

function SetUp({ first }: { first: AiSettings }) {
  const { t } = useWords()
  const draft = useDraft(first)
  const save = useSave<AiSettings, AiSettings>((body) => ({ method: 'PUT', path: PATH, body }), [PATH])
  const part: Part = { draft, problem: save.error }
  return (
    <>
      <Mind {...part} />
      <HandOver {...part} />
      <Section title={t('ai.hours')} about={t('ai.hours_hint')}>
        <Hours
          value={draft.value.hours}
          onChange={(hours) => draft.set({ hours })}
          about={t('ai.hours_on')}
        />
      </Section>
      <Talk {...part} />
      <Phrases {...part} />
      <Vocabulary {...part} />
      <Privacy {...part} />
      <SaveBar
        dirty={draft.dirty}
        saving={save.isPending}
        problem={save.error}
        onSave={() => save.mutate(sendable(draft.value), { onSuccess: (saved) => draft.reset(saved) })}
        onUndo={() => {
          save.reset()
          draft.reset()
        }}
      />
    </>
  )
}

/** Milliseconds for which a turn may wait for more of a burst; the API's bound. */
const MOST_GATHER_MS = 5_000

/** The largest part of its own business for which the AI agent may be silent; the API's bound. */
const MOST_REJECT = 0.5

function Talk({ draft, problem }: Part) {
  const { t } = useWords()
  const { value, set } = draft
  return (
    <Section title={t('ai.talk')} about={t('ai.talk_hint')}>
      <NumberInput
        label={t('ai.gather')}
        description={t('ai.gather_hint')}
        suffix=" ms"
        {...NARROW}
        min={0}
        max={MOST_GATHER_MS}
        step={100}
        value={value.gather_ms ?? 0}
        onChange={(ms) => set({ gather_ms: Number(ms) || 0 })}
        error={fieldProblem(problem, 'gather_ms')}
      />
      <div style={{ maxWidth: 420 }}>
        <Input.Label component="div" display="block">
          {t('ai.reject')} <span className={css.hint}>{percent(value.reject ?? 0)}</span>
        </Input.Label>
        <p className={css.about} style={{ marginBottom: 8 }}>
          {t('ai.reject_hint')}
        </p>
        <Slider
          min={0}
          max={MOST_REJECT}
          step={0.01}
          label={(part) => percent(part)}
          value={value.reject ?? 0}
          onChange={(reject) => set({ reject })}
          thumbLabel={t('ai.reject')}
        />
      </div>
      <Switch
        label={t('ai.summaries')}
        description={t('ai.summaries_hint')}
        checked={value.summaries ?? false}
        onChange={(event) => set({ summaries: event.currentTarget.checked })}
      />
      {value.agent !== 'local' && (
        <Textarea
          label={t('ai.instructions')}
          description={t('ai.instructions_hint')}
          value={value.instructions ?? ''}
          onChange={(event) => set({ instructions: event.currentTarget.value })}
          error={fieldProblem(problem, 'instructions')}
          autosize
          minRows={4}
          maxRows={20}
        />
      )}
    </Section>
  )
}
