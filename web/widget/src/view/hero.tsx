import { asks } from '../chat'
import { answersNow } from '../model/config'
import { ownText } from '../texts'
import { Avatar } from './avatar'
import { useChat } from './context'
import { IntroForm } from './form'
import { usePresence, useTitle } from './header'

/** What one sees before the first message: a greeting, and who is there or what is asked. */
export function Hero() {
  const chat = useChat()
  const texts = chat.texts.value
  const { settings } = chat.config.value
  const greeting = ownText(settings.greeting, chat.locale.value) ?? texts.greeting
  return (
    <>
      <div class="hero">
        <h3>{texts.greetingTitle}</h3>
        <p dir="auto">{greeting}</p>
      </div>
      <div class="sheet">
        <Sheet />
      </div>
    </>
  )
}

function Sheet() {
  const chat = useChat()
  const texts = chat.texts.value
  const { settings } = chat.config.value
  const offline = !answersNow(chat.config.value)
  const away = offline && (ownText(settings.offline_message, chat.locale.value) ?? texts.offlineMessage)
  const asked = asks(chat)
  if (asked === 'sign_on') return <p>{texts.signOnRequired}</p>
  if (asked === 'message') {
    return (
      <>
        <h3>{texts.leaveMessage}</h3>
        <p dir="auto">{away}</p>
        <IntroForm fields={settings.offline_form} withMessage />
      </>
    )
  }
  return (
    <>
      <PresenceCard words={away || undefined} />
      {asked && <IntroForm fields={settings.pre_chat} withMessage={false} />}
    </>
  )
}

function PresenceCard({ words }: { words: string | undefined }) {
  const chat = useChat()
  const title = useTitle()
  const presence = usePresence()
  return (
    <div class="presence">
      <Avatar name={title} bot={chat.config.value.bot} />
      <p>
        <strong>{presence.words}</strong>
        <span dir="auto">{words ?? chat.texts.value.invitation}</span>
      </p>
    </div>
  )
}
