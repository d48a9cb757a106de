import { Center, Loader } from '@mantine/core'
import { useCallback, useRef } from 'react'
import { useDesk } from '../../app/api'
import { useWords } from '../../app/words'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { useDrop } from '../../ui/useDrop'
import { ActionBar } from '../actions/ActionBar'
import { OfferBar } from '../actions/OfferBar'
import { Composer } from '../composer/Composer'
import { addFiles } from '../composer/uploads'
import { staffState } from '../rows'
import css from './ConversationPane.module.css'
import { Timeline, type TimelineHandle } from './Timeline'
import { useArticleCommand } from './ToArticle'
import { TypingLine } from './TypingLine'
import { useConversation } from './useConversation'

/** A conversation: what can be done with it, its log, and the field to write in. */
export function ConversationPane({ id }: { id: string }) {
  const { t } = useWords()
  const opened = useConversation(id)
  useArticleCommand(id)
  const timeline = useRef<TimelineHandle>(null)
  const { conversation } = opened
  const state = staffState(conversation.state)
  const toEnd = useCallback(() => timeline.current?.toEnd(), [])
  const desk = useDesk()
  const { place, over } = useDrop(useCallback((files: File[]) => addFiles(desk, id, files), [desk, id]))
  return (
    <section className={css.pane} aria-label={t('conversation.title')} ref={place}>
      {over && <div className={css.drop}>{t('upload.drop')}</div>}
      <ActionBar id={id} state={state} onNewest={toEnd} />
      {state && <OfferBar id={id} state={state} />}
      {opened.problem !== undefined && (
        <div className={css.problem}>
          <ProblemAlert problem={opened.problem} onRetry={opened.retry} />
        </div>
      )}
      {conversation.head === 0 && opened.problem === undefined && conversation.pending.length === 0 ? (
        <Center flex={1}>
          <Loader size="sm" aria-label={t('shell.loading')} />
        </Center>
      ) : (
        <Timeline opened={opened} handle={timeline} />
      )}
      <TypingLine conversation={conversation} />
      {state && <Composer id={id} state={state} onSent={toEnd} />}
    </section>
  )
}
