import type { Conversation } from '@deskwire/sdk'
import { useMe } from '../../app/api'
import { useWords } from '../../app/words'
import { useDirectory, useRow } from '../ChatProvider'
import { authorName } from '../names'
import css from './ConversationPane.module.css'

/** Who is typing. The line keeps its height, so that nothing jumps. */
export function TypingLine({ conversation }: { conversation: Conversation }) {
  const { t } = useWords()
  const { agent } = useMe()
  const directory = useDirectory()
  const row = useRow(conversation.id)
  const others = conversation.typing.filter((who) => who.id !== agent.id)
  return (
    <div className={css.typing} role="status">
      {others.length > 0 && (
        <>
          <span className={css.dots} aria-hidden="true">
            <span />
            <span />
            <span />
          </span>
          {t('conversation.typing', {
            names: others.map((who) => authorName(who, directory, row?.contact_name)).join(', '),
          })}
        </>
      )}
    </div>
  )
}
