import { SegmentedControl, Select, TextInput } from '@mantine/core'
import { useAll } from '../../app/api'
import { useWords } from '../../app/words'
import { fieldProblem } from '../../ui/problem'
import type { IntentAction, QueryInfo } from '../../ui/schema'
import { TextsField } from '../../ui/TextsField'
import css from '../../ui/ui.module.css'

type Kind = IntentAction['do']
type ToolAction = Extract<IntentAction, { do: 'tool' }>

const KINDS: readonly Kind[] = ['knowledge', 'say', 'tool', 'hand_over']

function begin(kind: Kind): IntentAction {
  switch (kind) {
    case 'say':
      return { do: 'say', words: {} }
    case 'tool':
      return { do: 'tool', tool: '', slots: {}, ask: {}, words: {} }
    default:
      return { do: kind }
  }
}

interface Props {
  value: IntentAction
  onChange: (action: IntentAction) => void
  problem: unknown
}

/** What the AI agent does about an intent. */
export function ActionEditor({ value, onChange, problem }: Props) {
  const { t } = useWords()
  return (
    <div>
      <h3 className={css.sectionTitle}>{t('intents.action')}</h3>
      <SegmentedControl
        fullWidth
        my={8}
        value={value.do}
        onChange={(kind) => onChange(begin(kind as Kind))}
        data={KINDS.map((kind) => ({ value: kind, label: t(`action.${kind}`) }))}
      />
      <p className={css.about} style={{ marginBottom: 12 }}>
        {t(`action.${value.do}.about`)}
      </p>
      {value.do === 'say' && (
        <TextsField
          label={t('action.words')}
          value={value.words}
          onChange={(words) => onChange({ do: 'say', words })}
          error={fieldProblem(problem, 'words')}
          long
          required
        />
      )}
      {value.do === 'tool' && <Tool value={value} onChange={onChange} problem={problem} />}
    </div>
  )
}

function Tool({ value, onChange, problem }: Props & { value: ToolAction }) {
  const { t } = useWords()
  const queries = useAll<QueryInfo>('/v1/queries').rows
  const query = queries.find((one) => one.name === value.tool)
  const typed = query?.args.filter((arg) => !arg.from) ?? []
  return (
    <div style={{ display: 'grid', gap: 14 }}>
      <Select
        label={t('action.query')}
        description={t('action.query_hint')}
        data={queries.map((one) => ({
          value: one.name,
          label: one.description ? `${one.name} — ${one.description}` : one.name,
        }))}
        value={value.tool || null}
        onChange={(tool) => onChange({ ...value, tool: tool ?? '' })}
        error={fieldProblem(problem, 'tool')}
        searchable
        required
      />
      {typed.map((arg) => (
        <div key={arg.name} className={css.box} style={{ display: 'grid', gap: 10 }}>
          <b className={css.mono}>{arg.name}</b>
          <TextInput
            size="xs"
            label={t('action.slot')}
            description={t('action.slot_hint')}
            placeholder={arg.name}
            value={value.slots?.[arg.name] ?? ''}
            onChange={(event) =>
              onChange({ ...value, slots: { ...value.slots, [arg.name]: event.currentTarget.value } })
            }
          />
          <TextsField
            label={t('action.ask')}
            value={value.ask?.[arg.name]}
            onChange={(words) => onChange({ ...value, ask: { ...value.ask, [arg.name]: words } })}
          />
        </div>
      ))}
      <TextsField
        label={t('action.answer')}
        description={t('action.answer_hint')}
        placeholder="{{ number }} … {{ status }}"
        value={value.words}
        onChange={(words) => onChange({ ...value, words })}
        long
      />
    </div>
  )
}
