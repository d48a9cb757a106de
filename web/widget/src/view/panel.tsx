import { useEffect, useRef, useState } from 'preact/hooks'
import { asksFirst, asksOffline } from '../chat'
import { answersNow } from '../model/config'
import { explain } from '../model/words'
import { ownText } from '../texts'
import { Composer } from './composer'
import { useChat } from './context'
import { Header, useTitle } from './header'
import { Log } from './log'
import { useMedia } from './media'

/** Where a finger writes, focus would open the keyboard before anything has been read. */
const COARSE = '(pointer: coarse)'
const PHONE = '(max-width: 480px)'

/** The panel: a dialog that leaves the page in use, but on a phone, where it covers it. */
export function Panel({ page }: { page: boolean }) {
  const chat = useChat()
  const texts = chat.texts.value
  const title = useTitle()
  const panel = useRef<HTMLDivElement>(null)
  const covers = useMedia(PHONE) && !page

  useEffect(() => {
    if (page) return
    const words = panel.current?.querySelector<HTMLElement>(
      '.form input, .form textarea, .form select, .words',
    )
    if (words && !matchMedia(COARSE).matches) words.focus()
    else panel.current?.focus()
  }, [])
  useEffect(() => {
    if (!covers) return undefined
    const { style } = document.documentElement
    const before = style.overflow
    style.overflow = 'hidden'
    return () => {
      style.overflow = before
    }
  }, [covers])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape and Tab on their way up from what has focus.
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: where it covers the page it is a dialog.
    <div
      ref={panel}
      class="panel"
      role={page ? undefined : 'dialog'}
      aria-modal={covers || undefined}
      aria-label={page ? undefined : texts.chatWith(title)}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !page && !event.isComposing) chat.close()
        else if (event.key === 'Tab' && covers && panel.current) keepFocus(event, panel.current)
      }}
    >
      <Header page={page} />
      <Notices />
      <Body />
    </div>
  )
}

/** Tab goes round in what covers the page: behind it there is nothing to be seen. */
function keepFocus(event: KeyboardEvent, panel: HTMLElement): void {
  const all = [
    ...panel.querySelectorAll<HTMLElement>(
      'a[href], button:not(:disabled), input:not([hidden]), textarea, select',
    ),
  ]
  const root = panel.getRootNode()
  const now = root instanceof ShadowRoot ? root.activeElement : document.activeElement
  const [first, last] = [all[0], all.at(-1)]
  if (!first || !last) return
  if (event.shiftKey && (now === first || now === panel)) last.focus()
  else if (!event.shiftKey && now === last) first.focus()
  else return
  event.preventDefault()
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
  const blocked = chat.config.value.require_sign_on && !chat.session.identified.value
  if (blocked || asksFirst(chat) || asksOffline(chat)) return null
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
  const { state, problem } = chat.session.connection.value
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
      {state === 'refused' && (
        <div class="notice bad">
          <span>{problem ? explain(problem, texts) : texts.problems.network}</span>
          {again}
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
