import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import type { Chat } from '../chat'
import { dayName, daysAgo } from '../format'
import { END_SLACK } from '../limits'
import type { Line, Row } from '../model/rows'
import { useChat } from './context'
import { Hero } from './hero'
import { Icon } from './icons'
import { Message, useName } from './message'
import { Rating } from './rating'
import { UploadRow } from './upload'

/** Pixels from the top at which earlier messages are loaded: they are there before one is. */
const TOP_NEAR = 120

/** What names a row that keeps its place while others come before it; a day's line may not. */
function firstKey(rows: readonly Row[]): string | undefined {
  return rows.find((row) => row.kind !== 'day')?.key
}

/** Keeps the list where the reader is: at the end if they are there, else at what they read. */
function useScroll(chat: Chat, rows: readonly Row[]) {
  const box = useRef<HTMLDivElement>(null)
  const inner = useRef<HTMLDivElement>(null)
  const before = useRef({ key: firstKey(rows), height: 0 })

  const toEnd = (): void => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight
  }
  const more = (): void => {
    if (chat.threads.hasEarlier && !chat.threads.failed.value) void chat.threads.loadEarlier()
  }
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    const key = firstKey(rows)
    if (chat.atEnd.value) {
      // A greeting is read from its beginning.
      if (key) toEnd()
    } else if (key !== before.current.key) element.scrollTop += element.scrollHeight - before.current.height
    before.current = { key, height: element.scrollHeight }
    if (element.scrollHeight <= element.clientHeight) more()
  })
  // Pictures that arrive, a keyboard that opens: the end stays the end.
  useEffect(() => {
    const sizes = new ResizeObserver(() => {
      if (chat.atEnd.value && before.current.key) toEnd()
      if (box.current) before.current.height = box.current.scrollHeight
    })
    if (box.current) sizes.observe(box.current)
    if (inner.current) sizes.observe(inner.current)
    return () => sizes.disconnect()
  }, [])
  const onScroll = (): void => {
    const element = box.current
    if (!element) return
    chat.atEnd.value = element.scrollHeight - element.scrollTop - element.clientHeight < END_SLACK
    if (element.scrollTop < TOP_NEAR) more()
  }
  return { box, inner, onScroll, toEnd }
}

/** The messages. */
export function Log() {
  const chat = useChat()
  const texts = chat.texts.value
  const rows = chat.rows.value
  const { box, inner, onScroll, toEnd } = useScroll(chat, rows)
  const lastOwn = rows.findLast((row) => row.kind === 'message' && row.own)?.key
  const uploads = chat.uploads.all.value
  const empty = rows.length === 0 && uploads.length === 0
  // Who comes back is not greeted as a stranger while their chat is on its way.
  const comes = chat.session.connection.state !== 'idle' && !chat.threads.searched.value
  const greets = !chat.returns || !comes || chat.cut.value
  return (
    <div class="area">
      <div class="scroll" ref={box} onScroll={onScroll} tabIndex={-1}>
        <div ref={inner}>
          {empty && greets && !chat.refusal.value && <Hero />}
          {!empty && chat.threads.hasEarlier && <Earlier more={() => void chat.threads.loadEarlier()} />}
          <div
            class={empty ? 'hidden' : 'log'}
            role="log"
            aria-live="polite"
            aria-label={texts.messages}
            aria-busy={chat.threads.loading.value}
          >
            {rows.map((row) => (
              <RowView key={row.key} row={row} newest={row.key === lastOwn} />
            ))}
            {uploads.map((upload) => (
              <UploadRow key={`upload ${upload.id}`} upload={upload} />
            ))}
          </div>
          {!empty && <AtEnd />}
        </div>
      </div>
      {!chat.atEnd.value && !empty && <Pill toEnd={toEnd} />}
    </div>
  )
}

function RowView({ row, newest }: { row: Row; newest: boolean }) {
  const chat = useChat()
  if (row.kind === 'message') return <Message row={row} newest={newest} />
  if (row.kind === 'line') return <LineView line={row.line} />
  const at = new Date(row.at)
  const now = new Date()
  const ago = daysAgo(at, now)
  const { today, yesterday } = chat.texts.value
  return <div class="day">{[today, yesterday][ago] ?? dayName(at, chat.locale.value)}</div>
}

/** What happened, in words. */
function LineView({ line }: { line: Line }) {
  const chat = useChat()
  const texts = chat.texts.value
  const words =
    'agent' in line
      ? texts[line.what](line.name ?? chat.people.of(line.agent)?.name ?? texts.agent)
      : texts[line.what]
  return <div class="line">{words}</div>
}

function Earlier({ more }: { more: () => void }) {
  const chat = useChat()
  const texts = chat.texts.value
  const loading = chat.threads.loading.value
  return (
    <div class="line">
      <button type="button" class="link" disabled={loading} onClick={more}>
        {loading ? texts.loadingEarlier : texts.earlier}
      </button>
    </div>
  )
}

/** Behind the last message: who is typing, and how it was. */
function AtEnd() {
  const chat = useChat()
  const texts = chat.texts.value
  const nameOf = useName()
  const conversation = chat.current.value
  if (!conversation) return null
  const typing = conversation.streaming ? undefined : conversation.typing.find((by) => by.kind !== 'visitor')
  const served = conversation.entries.some((entry) => 'by' in entry && entry.by.kind !== 'visitor')
  const words = typing && (typing.kind === 'bot' ? texts.writing : texts.typing(nameOf(typing)))
  return (
    <div class="tail">
      <div class="hidden" role="status">
        {words}
      </div>
      {typing && (
        <div class="row" aria-hidden="true">
          <div class="bubble dots">
            <i />
            <i />
            <i />
          </div>
        </div>
      )}
      {chat.status.value === 'closed' && chat.config.value.settings.csat && served && (
        <Rating key={conversation.id} conversation={conversation} />
      )}
    </div>
  )
}

function Pill({ toEnd }: { toEnd: () => void }) {
  const chat = useChat()
  const texts = chat.texts.value
  const news = chat.unread.value > 0
  return (
    <button type="button" class="pill" aria-label={news ? undefined : texts.toNewest} onClick={toEnd}>
      {news && texts.newMessages}
      <Icon name="down" size={18} />
    </button>
  )
}
