import type { Author, Content, Conversation, Entry, EntryOf, EntryView } from '@deskwire/sdk'
import IconLock from '@tabler/icons-react/icons/IconLock'
import { useWords } from '../../app/words'
import { useDirectory, useRow } from '../ChatProvider'
import { Face } from '../Face'
import { authorName } from '../names'
import { staffState } from '../rows'
import { clockTime } from '../times'
import { isAnswer } from './answers'
import { ContentView } from './ContentView'
import { HeldFoot } from './HeldFoot'
import { NoteText } from './NoteText'
import { Receipt } from './Receipt'
import css from './Timeline.module.css'
import { ToArticle } from './ToArticle'
import { TurnFoot } from './TurnFoot'

interface Props {
  entry: Entry
  /** It begins what one person says in a row. */
  first: boolean
  /** It, or what stands before it, is a frame of its own. */
  apart: boolean
  /** It ends it. */
  last: boolean
  conversation: Conversation
  entryAt: (seq: number) => EntryView | undefined
}

type Said = EntryOf<'message'> | EntryOf<'note'> | EntryOf<'held'> | EntryOf<'reviewed'>

function isSaid(entry: Entry): entry is Said {
  return ['message', 'note', 'held', 'reviewed'].includes(entry.type)
}

/** What somebody said, in a bubble, with what belongs to it below. */
export function SaidRow(props: Props) {
  const { entry } = props
  return isSaid(entry) ? <Said {...props} entry={entry} /> : null
}

function Said({ entry, first, apart, last, conversation, entryAt }: Props & { entry: Said }) {
  const by = entry.type === 'reviewed' ? entry.author : entry.by
  return (
    <div
      className={css.said}
      data-first={first || undefined}
      data-apart={apart || undefined}
      data-own={by.kind !== 'visitor' || undefined}
      data-kind={entry.type === 'note' ? 'note' : by.kind}
      data-held={entry.type === 'held' || undefined}
      data-seq={entry.seq}
    >
      <span className={css.gutter}>
        {first && <AuthorFace entry={entry} by={by} conversation={conversation.id} />}
      </span>
      <div className={css.column}>
        {first && <Byline entry={entry} by={by} conversation={conversation.id} />}
        <Words entry={entry} />
        {entry.type === 'held' && (
          <HeldFoot entry={entry} conversation={conversation.id} entryAt={entryAt} head={conversation.head} />
        )}
        {entry.type === 'message' && entry.turn && <TurnFoot entry={entry} turn={entry.turn} />}
        {last && entry.type !== 'note' && by.kind !== 'visitor' && (
          <Receipt seq={entry.seq} conversation={conversation} />
        )}
      </div>
      {isAnswer(entry) && <ToArticle answer={entry} />}
    </div>
  )
}

interface ByProps {
  entry: Said
  by: Author
  conversation: string
}

function useAuthorName(by: Author, conversation: string): string {
  return authorName(by, useDirectory(), useRow(conversation)?.contact_name)
}

function AuthorFace({ entry, by, conversation }: ByProps) {
  const { agents } = useDirectory()
  const name = useAuthorName(by, conversation)
  const picture = by.id ? agents.get(by.id)?.avatar : undefined
  const id = by.id ?? staffState(entry.state)?.contact ?? by.kind
  return (
    <Face id={id} name={name} picture={picture} size={30} bot={by.kind === 'bot' || by.kind === 'system'} />
  )
}

function Byline({ entry, by, conversation }: ByProps) {
  const { language } = useWords()
  const name = useAuthorName(by, conversation)
  return (
    <div className={css.byline}>
      {entry.type === 'note' && <NoteMark />}
      <strong>{name}</strong>
      <time dateTime={entry.at}>{clockTime(entry.at, language)}</time>
    </div>
  )
}

function isBare(content: Content | null | undefined): boolean {
  return content?.kind === 'card' || (content?.kind === 'image' && !content.text)
}

function Words({ entry }: { entry: Said }) {
  const { conversation, seq, content } = entry
  return (
    <div className={css.bubble} data-bare={(entry.type !== 'note' && isBare(content)) || undefined}>
      {content ? (
        <ContentView content={content} card={{ conversation, seq, pressable: entry.type === 'note' }} />
      ) : (
        entry.type === 'note' && <NoteText text={entry.text} />
      )}
    </div>
  )
}

function NoteMark() {
  const { t } = useWords()
  return (
    <span className={css.noteMark}>
      <IconLock size={12} stroke={2} /> {t('conversation.note')}
    </span>
  )
}
