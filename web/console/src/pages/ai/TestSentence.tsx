import { Button, Progress, Textarea, UnstyledButton } from '@mantine/core'
import { type KeyboardEvent, useState } from 'react'
import { useSave } from '../../app/api'
import { useWords } from '../../app/words'
import { percent } from '../../ui/format'
import { Mark, type Tone } from '../../ui/Mark'
import { ProblemAlert } from '../../ui/ProblemAlert'
import type { FoundArticle, IntentGuess, Outcome, TestedSentence } from '../../ui/schema'
import css from '../../ui/ui.module.css'
import own from './ai.module.css'
import { Because } from './Because'

const TONES: Record<Outcome, Tone> = {
  exact: 'good',
  generated: 'good',
  tool: 'good',
  asked: 'busy',
  small_talk: 'quiet',
  unsure: 'warn',
  handed_over: 'busy',
  message_taken: 'quiet',
}

/** What the AI agent would make of a sentence, and why. */
export function TestSentence() {
  const { t } = useWords()
  const [text, setText] = useState('')
  const [tested, setTested] = useState('')
  const test = useSave<TestedSentence, string>(
    (sentence) => ({ method: 'POST', path: '/v1/ai/test', body: { text: sentence } }),
    [],
  )
  const run = () => {
    const sentence = text.trim()
    if (sentence) test.mutate(sentence, { onSuccess: () => setTested(sentence) })
  }
  return (
    <section
      className={css.card}
      style={{ padding: 16, display: 'grid', gap: 14 }}
      aria-label={t('intents.test')}
    >
      <div>
        <h2 className={css.sectionTitle}>{t('intents.test')}</h2>
        <p className={css.about}>{t('test.about')}</p>
      </div>
      <Textarea
        aria-label={t('test.sentence')}
        placeholder={t('test.placeholder')}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event: KeyboardEvent) => {
          if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
          event.preventDefault()
          run()
        }}
        autosize
        minRows={2}
        data-autofocus
      />
      <Button onClick={run} loading={test.isPending} disabled={!text.trim()}>
        {t('test.run')}
      </Button>
      <ProblemAlert problem={test.error} />
      {test.data && <Result key={tested} text={tested} found={test.data} />}
    </section>
  )
}

function Result({ text, found }: { text: string; found: TestedSentence }) {
  const { t } = useWords()
  const [shown, show] = useState(found.intent ?? found.guesses[0]?.intent)
  const guess = found.guesses.find((one) => one.intent === shown)
  const slots = Object.entries(found.slots)
  return (
    <div style={{ display: 'grid', gap: 16 }}>
      <div>
        <Mark tone={TONES[found.outcome]}>
          <b>{t(`outcome.${found.outcome}`)}</b>
        </Mark>
        {found.says && <p className={own.said}>{found.says}</p>}
        {found.tool && (
          <p className={css.about}>
            {t('test.tool')} <span className={css.mono}>{found.tool}</span>
          </p>
        )}
      </div>
      <div>
        <h3 className={css.hint}>{t('test.why')}</h3>
        <Because text={text} pieces={guess?.because ?? []} />
      </div>
      <Guesses guesses={found.guesses} shown={shown} onShow={show} chosen={found.intent ?? undefined} />
      {found.scope !== null && found.scope !== undefined && (
        <p className={css.hint} style={{ margin: 0 }}>
          {t('test.scope', {
            scope: found.scope.toFixed(2),
            threshold: (found.scope_threshold ?? 0).toFixed(2),
          })}
        </p>
      )}
      {slots.length > 0 && (
        <div>
          <h3 className={css.hint}>{t('test.values')}</h3>
          <span className={css.chips}>
            {slots.map(([name, value]) => (
              <span key={name} className={css.chip}>
                <b>{name}</b>&nbsp;{value}
              </span>
            ))}
          </span>
        </div>
      )}
      {found.articles.length > 0 && <Articles articles={found.articles} />}
      <p className={css.hint} style={{ margin: 0 }}>
        {found.model ? t('test.model', { model: found.model }) : t('test.no_model')}
      </p>
    </div>
  )
}

function Guesses(props: {
  guesses: readonly IntentGuess[]
  shown: string | undefined
  onShow: (intent: string) => void
  chosen: string | undefined
}) {
  const { t } = useWords()
  if (props.guesses.length === 0) return null
  return (
    <div>
      <h3 className={css.hint}>{t('test.intents')}</h3>
      {props.guesses.map((guess) => (
        <UnstyledButton
          key={guess.intent}
          className={own.guess ?? ''}
          data-shown={guess.intent === props.shown || undefined}
          aria-pressed={guess.intent === props.shown}
          onClick={() => props.onShow(guess.intent)}
        >
          <span style={{ flex: 1, fontWeight: guess.intent === props.chosen ? 650 : 400 }}>
            {guess.intent}
          </span>
          <Progress w={90} size={6} value={guess.probability * 100} aria-label={guess.intent} />
          <span style={{ width: 48, textAlign: 'right' }}>{percent(guess.probability, 1)}</span>
        </UnstyledButton>
      ))}
    </div>
  )
}

function Articles({ articles }: { articles: readonly FoundArticle[] }) {
  const { t } = useWords()
  return (
    <div>
      <h3 className={css.hint}>{t('test.articles')}</h3>
      {articles.map((article) => (
        <div key={article.article} style={{ padding: '6px 0', fontSize: 13 }}>
          <div style={{ display: 'flex', gap: 8, justifyContent: 'space-between' }}>
            <span>{article.title}</span>
            <span className={css.hint}>{percent(article.confidence)}</span>
          </div>
          <span className={css.hint}>
            {article.because.map((match) => `${match.word} ${percent(match.share)}`).join(' · ')}
          </span>
        </div>
      ))}
    </div>
  )
}
