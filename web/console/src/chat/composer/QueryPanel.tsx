import { Button, CloseButton, Loader } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useApi, useDesk } from '../../app/api'
import { useWords } from '../../app/words'
import { ProblemAlert } from '../../ui/ProblemAlert'
import type { QueryAnswer } from '../../ui/schema'
import { useTask } from '../../ui/useTask'
import { CardView } from '../conversation/CardView'
import css from './Composer.module.css'

interface Props {
  asked: { name: string; args: Record<string, string> }
  conversation: string
  onClose: () => void
}

/** The answer of one of the company's systems, before anybody else sees it: for the visitor, or as a note. */
export function QueryPanel({ asked, conversation, onClose }: Props) {
  const { t } = useWords()
  const api = useApi()
  const answer = useQuery({
    queryKey: ['query', asked.name, asked.args, conversation],
    queryFn: () =>
      api<QueryAnswer>('POST', `/v1/queries/${encodeURIComponent(asked.name)}`, {
        args: asked.args,
        conversation,
      }),
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  })
  return (
    <div className={css.query}>
      <CloseButton className={css.queryClose ?? ''} size="sm" aria-label={t('ui.close')} onClick={onClose} />
      {answer.isFetching && <Loader size="xs" />}
      <ProblemAlert problem={answer.error} onRetry={() => void answer.refetch()} />
      {answer.data && !answer.isFetching && (
        <Answer answer={answer.data} conversation={conversation} onClose={onClose} />
      )}
    </div>
  )
}

/** A query's answer as a card: its own, or its slots. */
export function cardOf({ query, card, slots }: QueryAnswer): NonNullable<QueryAnswer['card']> {
  if (card) return card
  const fields = Object.entries(slots)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => ({
      name,
      value: typeof value === 'object' ? JSON.stringify(value) : String(value),
    }))
  return { title: query, fields }
}

function Answer({
  answer,
  conversation,
  onClose,
}: {
  answer: QueryAnswer
  conversation: string
  onClose: () => void
}) {
  const { t } = useWords()
  const desk = useDesk()
  const { run, busy, problem } = useTask()
  const card = cardOf(answer)
  const content = { kind: 'card' as const, ...card }
  const say = async (work: () => Promise<unknown>) => {
    if (await run(work)) onClose()
  }
  return (
    <>
      <CardView card={card} />
      {answer.stale && <span className={css.dim}>{t('query.stale')}</span>}
      <ProblemAlert problem={problem} />
      <div className={css.queryButtons}>
        <Button size="xs" loading={busy} onClick={() => void say(() => desk.send(content, { conversation }))}>
          {t('query.send')}
        </Button>
        <Button
          size="xs"
          variant="default"
          loading={busy}
          onClick={() => void say(() => desk.note(conversation, { content }))}
        >
          {t('query.note')}
        </Button>
      </div>
    </>
  )
}
