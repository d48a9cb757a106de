import { Fragment } from 'react'
import { useDirectory } from '../ChatProvider'
import { SafeText } from './SafeText'
import css from './Timeline.module.css'

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/** A note's words: whoever is mentioned in it stands out. */
export function NoteText({ text }: { text: string }) {
  const { agents } = useDirectory()
  if (!text.includes('@')) return <SafeText text={text} />
  // The longest name first, so that "Anna Berg" is not taken for "Anna".
  const names = [...agents.values()].map((agent) => agent.name).sort((a, b) => b.length - a.length)
  if (names.length === 0) return <SafeText text={text} />
  const pattern = new RegExp(`(@(?:${names.map(escaped).join('|')}))`, 'gu')
  let at = 0
  return text.split(pattern).map((piece) => {
    const key = at
    at += piece.length
    return piece.startsWith('@') && names.includes(piece.slice(1)) ? (
      <span key={key} className={css.mention}>
        {piece}
      </span>
    ) : (
      <Fragment key={key}>
        <SafeText text={piece} />
      </Fragment>
    )
  })
}
