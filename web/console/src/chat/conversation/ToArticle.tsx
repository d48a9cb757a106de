import type { EntryOf } from '@deskwire/sdk'
import { ActionIcon, Anchor } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import IconBook2 from '@tabler/icons-react/icons/IconBook2'
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import { useApi, useDesk } from '../../app/api'
import { type Command, useCommands } from '../../app/commands'
import { t, useWords } from '../../app/words'
import { sayProblem } from '../../ui/problemWords'
import type { Article } from '../../ui/schema'
import { newestAnswer } from './answers'
import css from './Timeline.module.css'

type Answer = Pick<EntryOf<'message'>, 'conversation' | 'seq'>

/** Makes an article of an answer, and says where it is. */
function useToArticle(): (answer: Answer) => Promise<void> {
  const api = useApi()
  const client = useQueryClient()
  return useCallback(
    async ({ conversation, seq }) => {
      const id = `article:${conversation}:${seq}`
      try {
        // Kept as what is read is: who presses twice gets the same article once more, not another.
        const article = await client.fetchQuery({
          queryKey: [id],
          staleTime: Number.POSITIVE_INFINITY,
          queryFn: () => api<Article>('POST', '/v1/articles/from-answer', { conversation, entry: seq }),
        })
        void client.invalidateQueries({ queryKey: ['/v1/articles'] })
        notifications.hide(id)
        notifications.show({ id, title: t('answer.made'), message: <Made article={article} /> })
      } catch (problem) {
        notifications.show({ color: 'red', title: t('answer.not_made'), message: sayProblem(problem) })
      }
    },
    [api, client],
  )
}

/** Notifications lie outside of what the router draws: a plain link leads into it. */
function Made({ article }: { article: Article }) {
  return (
    <Anchor size="sm" href={`#/knowledge?article=${encodeURIComponent(article.id)}`}>
      {t('answer.look', { title: article.title })}
    </Anchor>
  )
}

/** Beside an answer: makes an article of it. */
export function ToArticle({ answer }: { answer: Answer }) {
  const { t } = useWords()
  const make = useToArticle()
  return (
    <span className={css.tool}>
      <ActionIcon
        size={22}
        aria-label={t('answer.to_article')}
        title={t('answer.to_article')}
        onClick={() => void make(answer)}
      >
        <IconBook2 size={14} stroke={1.8} />
      </ActionIcon>
    </span>
  )
}

/** Offers the same for the newest answer of the open conversation, in the palette and by a key. */
export function useArticleCommand(id: string): void {
  const { t } = useWords()
  const desk = useDesk()
  const make = useToArticle()
  const commands = useMemo<Command[]>(() => {
    const run = () => {
      const answer = newestAnswer(desk.conversations.get(id)?.entries)
      if (answer) void make(answer)
      else notifications.show({ message: t('answer.none') })
    }
    const title = t('answer.newest_to_article')
    return [{ id: 'conversation.article', title, group: 'conversation', keys: 'w', run }]
  }, [t, desk, id, make])
  useCommands('article', commands)
}
