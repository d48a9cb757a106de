import type { Content, ContentOf } from '@deskwire/sdk'
import { safeHref } from '@deskwire/sdk/linkify'
import { useWords } from '../../app/words'
import { CardView } from './CardView'
import { FileView, ImageView } from './FileView'
import { OutLink, SafeText } from './SafeText'
import css from './Timeline.module.css'

/** Where a card stands, for its buttons. */
export interface CardPlace {
  conversation: string
  seq: number
  /** Whether agents may press its buttons: those of notes are for them. */
  pressable: boolean
}

/** What a message holds. */
export function ContentView({ content, card }: { content: Content; card?: CardPlace }) {
  const { t } = useWords()
  switch (content.kind) {
    case 'text':
      return (
        <>
          <SafeText text={content.text} />
          <Citations citations={content.citations ?? []} />
        </>
      )
    case 'system':
      return <SafeText text={content.text} />
    case 'image':
      return <ImageView file={content} />
    case 'file':
      return <FileView file={content} />
    case 'card':
      return <CardView card={content} place={card} />
    default:
      return <em>{t('content.unknown')}</em>
  }
}

function Citations({ citations }: { citations: NonNullable<ContentOf<'text'>['citations']> }) {
  if (citations.length === 0) return null
  return (
    <div className={css.citations}>
      {citations.map(({ title, url }) => {
        const link = safeHref(url)
        return link ? (
          <OutLink key={title} to={link}>
            {title}
          </OutLink>
        ) : (
          <span key={title}>{title}</span>
        )
      })}
    </div>
  )
}
