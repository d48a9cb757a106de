import type { Author, Content, Conversation, Entry, EntryOf, EntryView } from '@deskwire/sdk'
import IconLock from '@tabler/icons-react/icons/IconLock'
import { useMe } from '../../app/api'
import { useWords } from '../../app/words'
import { useDirectory, useRow } from '../ChatProvider'
import { Face } from '../Face'
import { authorName } from '../names'
import { staffState } from '../rows'
import { ContentView } from './ContentView'
import { HeldFoot } from './HeldFoot'
import { NoteText } from './NoteText'
import { Receipt } from './Receipt'
import css from './Timeline.module.css'
import { TurnFoot } from './TurnFoot'

interface Props {
  entry: Entry
  /** It begins what one person says in a row. */
  first: boolean
  /** It ends it. */
  last: boolean
  conversation: Conversation
  entryAt: (seq: number) => EntryView | undefined
}

type Said = EntryOf<'message'> | EntryOf<'note'> | EntryOf<'held'> | EntryOf<'reviewed'>

function contentOf(entry: Said): Content | undefined {
  if (entry.type === 'note') return entry.content ?? undefined
  return entry.content ?? undefined
}

function kindOf(entry: Said, by: Author): string {
  return entry.type === 'note' ? 'note' : by.kind
}

/** What somebody said, in a bubble, with what belongs to it below. */
export function SaidRow({ entry, first, last, conversation, entryAt }: Props) {
  const { language } = useWords()
  const { agent } = useMe()
  const directory = useDirectory()
  const row = useRow(conversation.id)
  if (entry.type !== 'message' && entry.type !== 'note' && entry.type !== 'held' && entry.type !== 'reviewed')
    return null
  const by = entry.type === 'reviewed' ? entry.author : entry.by
  const name = authorName(by, directory, row?.contact_name)
  const content = contentOf(entry)
  const bare = content?.kind === 'card' || (content?.kind === 'image' && !content.text)
  const picture = by.kind === 'agent' && by.id ? directory.agents.get(by.id)?.avatar : undefined
  const id = by.id ?? staffState(entry.state)?.contact ?? by.kind
  return (
    <div
      className={css.said}
      data-first={first || undefined}
      data-own={by.kind !== 'visitor' || undefined}
      data-kind={kindOf(entry, by)}
      data-held={entry.type === 'held' || undefined}
      data-seq={entry.seq}
    >
      <span className={css.gutter}>
        {first && (
          <Face
            id={id}
            name={name}
            picture={picture}
            size={30}
            bot={by.kind === 'bot' || by.kind === 'system'}
          />
        )}
      </span>
      <div className={css.column}>
        {first && (
          <div className={css.byline}>
            {entry.type === 'note' && <NoteMark />}
            <strong>{by.id === agent.id ? agent.name : name}</strong>
            <time dateTime={entry.at}>
              {new Intl.DateTimeFormat(language, { timeStyle: 'short' }).format(new Date(entry.at))}
            </time>
          </div>
        )}
        <div className={css.bubble} data-bare={bare || undefined}>
          {content ? (
            <ContentView
              content={content}
              card={{ conversation: conversation.id, seq: entry.seq, pressable: entry.type === 'note' }}
            />
          ) : (
            entry.type === 'note' && <NoteText text={entry.text} />
          )}
        </div>
        {entry.type === 'held' && (
          <HeldFoot entry={entry} conversation={conversation.id} entryAt={entryAt} head={conversation.head} />
        )}
        {entry.type === 'message' && entry.turn && <TurnFoot entry={entry} turn={entry.turn} />}
        {last && entry.type !== 'note' && by.kind !== 'visitor' && (
          <Receipt seq={entry.seq} conversation={conversation} />
        )}
      </div>
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
