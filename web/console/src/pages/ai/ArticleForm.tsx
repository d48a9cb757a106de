import { Input, SegmentedControl, Switch, Textarea, TextInput } from '@mantine/core'
import { useSave } from '../../app/api'
import { useWords } from '../../app/words'
import { ConfirmDelete } from '../../ui/Confirm'
import { useDraft } from '../../ui/draft'
import { FormDrawer } from '../../ui/FormDrawer'
import { lines } from '../../ui/lines'
import { fieldProblem } from '../../ui/problem'
import type { Article, ArticleChange } from '../../ui/schema'

const PATH = '/v1/articles'

/** Writes an article, or changes one. */
export function ArticleForm({ article, onClose }: { article?: Article; onClose: () => void }) {
  const { t, language } = useWords()
  const draft = useDraft({
    title: article?.title ?? '',
    body: article?.body ?? '',
    questions: (article?.questions ?? []).join('\n'),
    url: article?.url ?? '',
    language: article?.language ?? (article ? '' : language),
    draft: article?.draft ?? false,
  })
  const { value, set } = draft
  const path = article ? `${PATH}/${article.id}` : PATH
  const save = useSave<Article, ArticleChange>(
    (body) => ({ method: article ? 'PATCH' : 'POST', path, body }),
    [PATH],
  )
  const submit = () => {
    const { url, language: spoken, questions, ...rest } = value
    save.mutate(
      {
        ...rest,
        questions: lines(questions),
        ...((url || article?.url) && { url }),
        ...((spoken || article?.language) && { language: spoken }),
      },
      { onSuccess: onClose },
    )
  }
  return (
    <FormDrawer
      title={article?.title ?? t('knowledge.new')}
      size={720}
      onClose={onClose}
      onSave={submit}
      dirty={draft.dirty}
      ready={value.title.trim() !== '' && value.body.trim() !== ''}
      saving={save.isPending}
      problem={save.error}
      aside={article && <ConfirmDelete name={article.title} path={path} changes={[PATH]} onDone={onClose} />}
    >
      <TextInput
        label={t('knowledge.article_title')}
        value={value.title}
        onChange={(event) => set({ title: event.currentTarget.value })}
        error={fieldProblem(save.error, 'title')}
        required
        data-autofocus={!article || undefined}
      />
      <Textarea
        label={t('knowledge.body')}
        description={t('knowledge.body_hint')}
        value={value.body}
        onChange={(event) => set({ body: event.currentTarget.value })}
        error={fieldProblem(save.error, 'body')}
        autosize
        minRows={9}
        maxRows={26}
        required
      />
      <Textarea
        label={t('knowledge.phrasings')}
        description={t('knowledge.phrasings_hint')}
        value={value.questions}
        onChange={(event) => set({ questions: event.currentTarget.value })}
        error={fieldProblem(save.error, 'questions')}
        autosize
        minRows={3}
        maxRows={14}
      />
      <TextInput
        label={t('knowledge.url')}
        description={t('knowledge.url_hint')}
        placeholder="https://…"
        value={value.url}
        onChange={(event) => set({ url: event.currentTarget.value.trim() })}
        error={fieldProblem(save.error, 'url')}
      />
      <div>
        <Input.Label component="div" display="block" mb={4}>
          {t('knowledge.language')}
        </Input.Label>
        <SegmentedControl
          value={value.language}
          onChange={(spoken) => set({ language: spoken })}
          data={[
            { value: 'en', label: t('ui.language.en') },
            { value: 'zh', label: t('ui.language.zh') },
            { value: '', label: t('knowledge.unsaid') },
          ]}
        />
      </div>
      <Switch
        label={t('knowledge.draft')}
        description={t('knowledge.draft_hint')}
        checked={value.draft}
        onChange={(event) => set({ draft: event.currentTarget.checked })}
      />
    </FormDrawer>
  )
}
