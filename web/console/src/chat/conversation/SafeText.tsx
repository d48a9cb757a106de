/** Text that somebody wrote: never markup, and its links lead only where links may lead. */
import { Fragment, type ReactNode } from 'react'

/** Schemes that a link may have; `javascript:` and the like stay text. */
const SCHEMES = ['http:', 'https:', 'mailto:', 'tel:']

/** An address in a text, as far as punctuation after it does not belong to it. */
const ADDRESS = /(?:https?:\/\/|mailto:|tel:)[^\s<>"'`，。；：！？（）【】《》、]+/giu
/** What ends a sentence and no address. */
const TRAILING = /[.,;:!?)\]}'"]+$/

/** A link that may be followed, or `undefined`. */
export function safeLink(address: string | null | undefined): string | undefined {
  if (!address) return undefined
  try {
    const url = new URL(address)
    return SCHEMES.includes(url.protocol) ? url.href : undefined
  } catch {
    return undefined
  }
}

/** A link out of the console. */
export function OutLink({ to, children }: { to: string; children: ReactNode }) {
  return (
    <a href={to} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  )
}

/** A piece of a text: an address, or what stands between. */
interface Piece {
  at: number
  text: string
  link: string | undefined
}

/** Takes a text apart at its addresses. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = []
  let from = 0
  for (const match of text.matchAll(ADDRESS)) {
    const address = match[0].replace(TRAILING, '')
    const link = safeLink(address)
    if (!link) continue
    if (match.index > from) pieces.push({ at: from, text: text.slice(from, match.index), link: undefined })
    pieces.push({ at: match.index, text: address, link })
    from = match.index + address.length
  }
  if (from < text.length) pieces.push({ at: from, text: text.slice(from), link: undefined })
  return pieces
}

/** A text with its links. */
export function SafeText({ text }: { text: string }) {
  return piecesOf(text).map(({ at, text: piece, link }) =>
    link ? (
      <OutLink key={at} to={link}>
        {piece}
      </OutLink>
    ) : (
      <Fragment key={at}>{piece}</Fragment>
    ),
  )
}
