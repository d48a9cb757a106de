import { comingTime } from '../format'
import { answersNow } from '../model/config'
import { ownText } from '../texts'
import { Avatar } from './avatar'
import { useChat } from './context'
import { Icon } from './icons'

/** What the chat is called: the inbox's title, or the company. */
export function useTitle(): string {
  const chat = useChat()
  const { settings, company } = chat.config.value
  return ownText(settings.title, chat.locale.value) ?? (company || chat.texts.value.chat)
}

/** Whether somebody is there, in words. */
export function usePresence(): { on: boolean; words: string } {
  const chat = useChat()
  const texts = chat.texts.value
  const { online, open, opens_at, bot } = chat.config.value
  const on = answersNow(chat.config.value)
  if (chat.refusal.value) return { on: false, words: '' }
  if (open && online) return { on, words: texts.online }
  if (bot) return { on, words: texts.botOnline }
  if (open || !opens_at) return { on, words: texts.away }
  return { on, words: texts.backAt(comingTime(new Date(opens_at), new Date(), chat.locale.value)) }
}

/** Who serves: the agent once there is one, else the company; and the way out. */
export function Header({ page }: { page: boolean }) {
  const chat = useChat()
  const texts = chat.texts.value
  const title = useTitle()
  const presence = usePresence()
  const state = chat.current.value?.state
  const agent = state?.status !== 'closed' && state?.assignee ? state.assignee : undefined
  const person = chat.people.of(agent)
  const name = agent ? (person?.name ?? texts.agent) : title
  return (
    <div class="header">
      <Avatar name={name} picture={person?.avatar} bot={state?.status === 'bot'} />
      <div class="title">
        <h2 dir="auto">{name}</h2>
        <p>
          {!agent && <span class={presence.on ? 'dot on' : 'dot'} />}
          {agent ? title : presence.words}
        </p>
      </div>
      {!page && (
        <button type="button" class="icon" aria-label={texts.closeChat} onClick={() => chat.close()}>
          <Icon name="close" />
        </button>
      )}
    </div>
  )
}
