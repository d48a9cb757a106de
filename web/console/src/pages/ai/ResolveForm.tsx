import { Select, Textarea, TextInput } from '@mantine/core'
import { useAll, useSave } from '../../app/api'
import { useWords } from '../../app/words'
import { useDraft } from '../../ui/draft'
import { FormDrawer } from '../../ui/FormDrawer'
import { fieldProblem } from '../../ui/problem'
import type { Intent, Resolved, ResolveUnanswered, UnansweredGroup } from '../../ui/schema'
import css from '../../ui/ui.module.css'
import { RESOLVED } from './resolved'

/** What questions become. */
export type How = 'intent' | 'article'

/** Makes examples of an intent, or the phrasings of a new article, of questions. */
export function ResolveForm(props: {
  how: How
  title: string
  questions: UnansweredGroup['questions']
  onClose: () => void
}) {
  const { t, language } = useWords()
  const intents = useAll<Intent>(props.how === 'intent' ? '/v1/intents' : undefined).rows
  const draft = useDraft({ intent: '', title: props.title, body: '' })
  const { value, set } = draft
  const save = useSave<Resolved, ResolveUnanswered>(
    (body) => ({ method: 'POST', path: '/v1/ai/unanswered/resolve', body }),
    RESOLVED,
  )
  const ids = props.questions.map((question) => question.id)
  const body =
    props.how === 'intent'
      ? { ids, intent: value.intent }
      : { ids, article: { title: value.title, body: value.body, language } }
  return (
    <FormDrawer
      title={t(props.how === 'intent' ? 'unanswered.to_intent' : 'unanswered.to_article')}
      size={600}
      onClose={props.onClose}
      onSave={() => save.mutate(body as ResolveUnanswered, { onSuccess: props.onClose })}
      dirty={draft.dirty}
      ready={props.how === 'intent' ? value.intent !== '' : value.body.trim() !== ''}
      saving={save.isPending}
      problem={save.error}
    >
      <div className={css.box}>
        <div className={css.hint}>{t('unanswered.questions', { count: ids.length })}</div>
        <ul style={{ margin: '6px 0 0', paddingLeft: 18, fontSize: 13 }}>
          {props.questions.map((question) => (
            <li key={question.id}>{question.text}</li>
          ))}
        </ul>
      </div>
      {props.how === 'intent' ? (
        <Select
          label={t('unanswered.intent')}
          description={t('unanswered.intent_hint')}
          data={intents.map((intent) => intent.name)}
          value={value.intent || null}
          onChange={(intent) => set({ intent: intent ?? '' })}
          error={fieldProblem(save.error, 'intent')}
          searchable
          required
        />
      ) : (
        <>
          <TextInput
            label={t('knowledge.article_title')}
            value={value.title}
            onChange={(event) => set({ title: event.currentTarget.value })}
            error={fieldProblem(save.error, 'title')}
            required
          />
          <Textarea
            label={t('knowledge.body')}
            description={t('unanswered.body_hint')}
            value={value.body}
            onChange={(event) => set({ body: event.currentTarget.value })}
            error={fieldProblem(save.error, 'body')}
            autosize
            minRows={6}
            required
            data-autofocus
          />
        </>
      )}
    </FormDrawer>
  )
}
