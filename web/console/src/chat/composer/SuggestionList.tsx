import { Loader, UnstyledButton } from '@mantine/core'
import { usePage } from '../../app/api'
import { useWords } from '../../app/words'
import { percent } from '../../ui/format'
import { ProblemAlert } from '../../ui/ProblemAlert'
import type { Suggestion } from '../../ui/schema'
import css from './Composer.module.css'

/** Replies that the AI agent suggests, from articles and past answers; a click puts one into the field. */
export function SuggestionList(props: { conversation: string; onChoose: (text: string) => void }) {
  const { t } = useWords()
  const list = usePage<Suggestion>(`/v1/conversations/${props.conversation}/suggestions`)
  if (list.loading) return <Loader size="xs" m="sm" />
  if (list.problem) return <ProblemAlert problem={list.problem} onRetry={list.reload} />
  if (list.rows.length === 0) return <p className={css.none}>{t('suggest.none')}</p>
  return (
    <div className={css.menu}>
      {list.rows.map((suggestion) => (
        <UnstyledButton
          key={`${suggestion.from}:${suggestion.article ?? ''}:${suggestion.text}`}
          className={css.choice ?? ''}
          onClick={() => props.onChoose(suggestion.text)}
        >
          <span className={css.choiceHead}>
            {t(`suggest.${suggestion.from}`)} · {suggestion.title}
            <span className={css.dim}>{percent(suggestion.confidence)}</span>
          </span>
          <span className={css.choiceText}>{suggestion.text}</span>
        </UnstyledButton>
      ))}
    </div>
  )
}
