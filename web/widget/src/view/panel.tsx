import { useEffect, useRef, useState } from 'preact/hooks'
import { asks } from '../chat'
import { answersNow } from '../model/config'
import { explain } from '../model/words'
import { ownText } from '../texts'
import { Composer } from './composer'
import { useChat } from './context'
import { Header, useTitle } from './header'
import { Log } from './log'

/** Where a finger writes, focus would open the keyboard before anything has been read. */
const COARSE = '(pointer: coarse)'

/** The panel: a dialog that leaves the page in use. */
export function Panel({ page }: { page: boolean }) {
  const chat = useChat()
  const texts = chat.texts.value
  const title = useTitle()
  const panel = useRef<HTMLDivElement>(null)

  useEffect(() => {
    if (page) return
    const words = panel.current?.querySelector<HTMLElement>('.field [name], .words')
    const first = matchMedia(COARSE).matches ? undefined : words
    ;(first ?? panel.current)?.focus()
    // Also when the form has gone, and the focus with it.
  }, [chat.introduced.value])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape on its way up from what has focus.
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: both roles have a label.
    <div
      ref={panel}
      class="panel"
      role={page ? 'main' : 'dialog'}
      aria-label={texts.chatWith(title)}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !page && !event.isComposing) chat.close()
      }}
    >
      <Header page={page} />
      <Notices />
      <Body />
    </div>
  )
}

/** The messages and the composer; files can be dropped on both. */
function Body() {
  const chat = useChat()
  const [dropping, setDropping] = useState(false)
  const takes = chat.config.value.settings.attachments
  const hasFiles = (event: DragEvent): boolean =>
    takes && event.dataTransfer?.types.includes('Files') === true
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a place to drop files; the clip's button does the same.
    <section
      class={dropping ? 'body dropping' : 'body'}
      data-drop={chat.texts.value.drop}
      onDragOver={(event) => {
        if (!hasFiles(event)) return
        event.preventDefault()
        setDropping(true)
      }}
      onDragLeave={(event) => {
        const to = event.relatedTarget
        if (!(to instanceof Node && event.currentTarget.contains(to))) setDropping(false)
      }}
      onDrop={(event) => {
        setDropping(false)
        if (!hasFiles(event)) return
        event.preventDefault()
        chat.uploads.add([...(event.dataTransfer?.files ?? [])])
      }}
    >
      <Log />
      <Foot />
    </section>
  )
}

function Foot() {
  const chat = useChat()
  if (chat.refusal.value || asks(chat)) return null
  return (
    <div class="foot">
      <Composer />
    </div>
  )
}

/** What one should know while one writes: the connection, the queue, that nobody is there. */
function Notices() {
  const chat = useChat()
  const texts = chat.texts.value
  const { state, problem } = chat.session.connection
  const refusal = chat.refusal.value
  const wrong = refusal ?? (state === 'refused' && problem)
  const position = chat.status.value === 'queued' ? chat.current.value?.position : undefined
  const { settings } = chat.config.value
  const waits = chat.status.value === 'queued' || chat.status.value === 'closed'
  const away = waits && chat.rows.value.length > 0 && !answersNow(chat.config.value)
  const again = (
    <button type="button" class="link" onClick={() => void chat.session.again()}>
      {texts.connectNow}
    </button>
  )
  return (
    <div role="status">
      {wrong && (
        <div class="notice bad">
          <span>{explain(wrong, texts)}</span>
          {!refusal && again}
        </div>
      )}
      {chat.cut.value && (
        <div class="notice">
          <span>{state === 'connecting' ? texts.connecting : texts.offline}</span>
          {state === 'waiting' && again}
        </div>
      )}
      {position !== undefined && <div class="notice">{texts.position(position)}</div>}
      {away && (
        <div class="notice">
          {chat.status.value === 'queued'
            ? texts.leftMessage
            : (ownText(settings.offline_message, chat.locale.value) ?? texts.offlineMessage)}
        </div>
      )}
    </div>
  )
}
