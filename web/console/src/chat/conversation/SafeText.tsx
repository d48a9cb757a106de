/** Text that somebody wrote: never markup, and its links lead only where links may lead. */
import { Fragment, type ReactNode } from 'react'

/** Schemes that a link may have; `javascript:` and the like stay text. */
const SCHEMES = ['http:', 'https:', 'mailto:', 'tel:']

/**
 * What may be a link, as in the widget (`linkify.ts`): an address with a scheme, `www.…`, an e-mail address, an
 * international phone number.
 */
const ADDRESS =
  /\b(?:https?:\/\/|mailto:|tel:)[^\s<>"'`，。；：！？、（）【】《》」]+|\bwww\.[^\s<>"'`，。；：！？、（）【】《》」]+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}|\+\d[\d ()-]{6,18}\d/giu
/** What ends a sentence and no address. */
const TRAILING = /[.,;:!?\]}'"…*_~]+$/u

/** A link that may be followed, or `undefined`. */
export function safeLink(address: string | null | undefined): string | undefined {
  if (!address) return undefined
  try {
    const url = new URL(address)
    // A name before an @ makes an address look like another's.
    if (!SCHEMES.includes(url.protocol) || url.username || url.password) return undefined
    return url.href
  } catch {
    return undefined
  }
}

/** Takes off what belongs to the sentence: marks, and a bracket that was opened before the address. */
function trimmed(found: string): string {
  let address = found.replace(TRAILING, '')
  while (address.endsWith(')') && address.split(')').length > address.split('(').length) {
    address = address.slice(0, -1).replace(TRAILING, '')
  }
  return address
}

function linkOf(address: string): string | undefined {
  if (/^(https?:|mailto:|tel:)/i.test(address)) return safeLink(address)
  if (/^www\./i.test(address)) return safeLink(`https://${address}`)
  if (address.startsWith('+')) return safeLink(`tel:${address.replace(/[^\d+]/g, '')}`)
  return safeLink(`mailto:${address}`)
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
    const address = trimmed(match[0])
    const link = linkOf(address)
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
