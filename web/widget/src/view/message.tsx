import type { Content } from '@deskwire/sdk'
import { safeHref } from '@deskwire/sdk/linkify'
import { clock } from '../format'
import type { MessageRow } from '../model/rows'
import { explain } from '../model/words'
import { Avatar } from './avatar'
import { Card } from './card'
import { useChat } from './context'
import { useDeed } from './deed'
import { FileBubble } from './file'
import { Icon, type IconName } from './icons'
import { Outside, Text } from './text'
import { Wrong } from './wrong'

/** Milliseconds for which a message counts as just written, and moves in. */
const FRESH = 4_000

/** Who wrote it, in words. */
export function useName(): (by: MessageRow['by']) => string {
  const chat = useChat()
  const texts = chat.texts.value
  return (by) => {
    if (by.kind === 'visitor') return texts.you
    if (by.kind === 'bot') return texts.assistant
    if (by.kind === 'system') return chat.config.value.company || texts.team
    return chat.people.of(by.id)?.name ?? texts.agent
  }
}

/** One message: its author's name and picture where they begin, its time and marks where they end. */
export function Message({ row, newest }: { row: MessageRow; newest: boolean }) {
  const chat = useChat()
  const name = useName()(row.by)
  const fresh = Date.now() - Date.parse(row.at) < FRESH
  const waits = row.mark === 'queued' || row.mark === 'sending'
  const bad = row.mark === 'refused' || row.mark === 'withheld'
  const classes = [
    'row',
    row.own && 'own',
    row.first && 'first',
    fresh && 'fresh',
    waits && 'waits',
    bad && 'bad',
  ]
  return (
    <div class={classes.filter(Boolean).join(' ')} aria-live={row.streaming ? 'off' : undefined}>
      {!row.own && row.last && (
        <Avatar name={name} picture={chat.people.of(row.by.id)?.avatar} bot={row.by.kind === 'bot'} />
      )}
      <div class="what">
        <span class={row.first && !row.own ? 'name' : 'hidden'}>{name}</span>
        <Body row={row} />
      </div>
      <Below row={row} newest={newest} />
    </div>
  )
}

function Body({ row }: { row: MessageRow }) {
  const { content } = row
  if (content.kind === 'card') return <CardBody row={row} content={content} />
  if (content.kind === 'image' || content.kind === 'file') return <FileBubble content={content} />
  return (
    <>
      <div class={row.streaming ? 'bubble caret' : 'bubble'} dir="auto">
        <Words content={content} />
      </div>
      {content.kind === 'text' && <Sources content={content} />}
      {row.by.kind === 'bot' && row.seq !== undefined && <Thumbs row={row} seq={row.seq} />}
    </>
  )
}

/** The words of a content; a newer server may send kinds that are not known here. */
function Words({ content }: { content: Content }) {
  const { texts } = useChat()
  if ('text' in content && typeof content.text === 'string') return <Text text={content.text} />
  return <em>{texts.value.unknownContent}</em>
}

function CardBody({ row, content }: { row: MessageRow; content: Extract<Content, { kind: 'card' }> }) {
  const { seq, conversation } = row
  const press = useDeed('postback', conversation, seq)
  return (
    <Card
      card={content}
      pressed={press.deed?.value ?? row.pressed}
      problem={press.problem}
      press={
        seq === undefined || conversation === undefined
          ? undefined
          : (value) => press.act((desk) => desk.postback(conversation, seq, value))
      }
    />
  )
}

function Sources({ content }: { content: Extract<Content, { kind: 'text' }> }) {
  const texts = useChat().texts.value
  const named = (content.citations ?? []).map((one) => ({
    title: one.title,
    href: one.url && safeHref(one.url),
  }))
  if (named.length === 0) return null
  return (
    <ul class="sources" aria-label={texts.sources}>
      {named.map(({ title, href }, at) => (
        <li key={at}>{href ? <Outside href={href}>{title}</Outside> : title}</li>
      ))}
    </ul>
  )
}

function Thumbs({ row, seq }: { row: MessageRow; seq: number }) {
  const texts = useChat().texts.value
  const { conversation } = row
  const { deed, problem, act } = useDeed('feedback', conversation, seq)
  const good = deed?.good ?? row.good
  return (
    <>
      <div class="thumbs">
        {[true, false].map((opinion) => (
          <button
            key={String(opinion)}
            type="button"
            class="icon"
            aria-label={opinion ? texts.good : texts.bad}
            aria-pressed={good === opinion}
            onClick={() =>
              conversation && opinion !== good && act((desk) => desk.feedback(conversation, seq, opinion))
            }
          >
            <Icon name="up" size={17} turn={opinion ? 0 : 180} />
          </button>
        ))}
      </div>
      <Wrong problem={problem} />
    </>
  )
}

const MARK_ICONS: Record<string, IconName> = { sent: 'tick', delivered: 'ticks', read: 'ticks' }

function Below({ row, newest }: { row: MessageRow; newest: boolean }) {
  const chat = useChat()
  const texts = chat.texts.value
  const { mark } = row
  const icon = MARK_ICONS[mark ?? '']
  if (mark === 'refused' && row.pending) return <Failure row={row} />
  if (mark === 'withheld') return <p class="fail">{texts.withheld}</p>
  if ((!row.last && mark !== 'held') || row.streaming) return null
  return (
    <p class="meta">
      <time dateTime={row.at}>{clock(new Date(row.at), chat.locale.value)}</time>
      {mark && (
        <>
          <span class={mark === 'read' ? 'read' : undefined}>{icon && <Icon name={icon} size={15} />}</span>
          <span class={newest || mark === 'held' ? undefined : 'hidden'}>{texts[mark]}</span>
        </>
      )}
    </p>
  )
}

function Failure({ row }: { row: MessageRow }) {
  const chat = useChat()
  const texts = chat.texts.value
  const { pending } = row
  const desk = chat.session.desk.value
  if (!pending || !desk) return null
  return (
    <div class="fail" role="alert">
      <p>
        {texts.refused}. {pending.problem && explain(pending.problem, texts)}
      </p>
      <button type="button" class="link" onClick={() => void desk.retry(pending.clientId)}>
        {texts.retry}
      </button>
      {row.content.kind === 'text' && (
        <button type="button" class="link" onClick={() => void chat.edit(pending)}>
          {texts.edit}
        </button>
      )}
      <button type="button" class="link" onClick={() => void desk.discard(pending.clientId)}>
        {texts.discard}
      </button>
    </div>
  )
}
