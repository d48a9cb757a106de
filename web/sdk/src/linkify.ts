/** Texts that strangers wrote, and the addresses in them: for the widget and the console, which show them. */

/** A piece of a text: plain, or a link. The pieces' texts together are the whole text, unchanged. */
export type Piece = { text: string; href?: string }

/** Protocols that may be opened from what a stranger wrote. */
const SAFE = new Set(['http:', 'https:', 'mailto:', 'tel:'])

/** What may be a link: an address with a safe protocol, `www.…`, an e-mail address, an international phone number. */
const CANDIDATE =
  /\b(?:https?:\/\/|mailto:|tel:)[^\s<>"'`，。；：！？、（）【】《》」]+|\bwww\.[^\s<>"'`，。；：！？、（）【】《》」]+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}|\+\d[\d ()-]{6,18}\d/giu

/** Marks at a link's end that belong to the sentence around it. */
const TRAILING = /[.,;:!?\]}'"…*_~]+$/u

/** The address if it may be opened, else undefined. Used for every address that came from the wire. */
export function safeHref(address: string | null | undefined): string | undefined {
  try {
    const url = new URL(address ?? '')
    // A name before an @ makes an address look like another's.
    if (!SAFE.has(url.protocol) || url.username || url.password) return undefined
    return url.href
  } catch {
    return undefined
  }
}

/** Takes off what belongs to the sentence: marks, and a bracket that was opened before the link. */
function trimmed(candidate: string): string {
  let link = candidate.replace(TRAILING, '')
  while (link.endsWith(')') && link.split(')').length > link.split('(').length) {
    link = link.slice(0, -1).replace(TRAILING, '')
  }
  return link
}

function hrefOf(link: string): string | undefined {
  if (/^(https?:|mailto:|tel:)/i.test(link)) return safeHref(link)
  if (/^www\./i.test(link)) return safeHref(`https://${link}`)
  if (link.startsWith('+')) return safeHref(`tel:${link.replace(/[^\d+]/g, '')}`)
  return safeHref(`mailto:${link}`)
}

/** Cuts a text into plain pieces and safe links. */
export function linkify(text: string): Piece[] {
  const pieces: Piece[] = []
  let from = 0
  for (const match of text.matchAll(CANDIDATE)) {
    const link = trimmed(match[0])
    const href = link && hrefOf(link)
    if (!href) continue
    if (match.index > from) pieces.push({ text: text.slice(from, match.index) })
    pieces.push({ text: link, href })
    from = match.index + link.length
  }
  if (from < text.length) pieces.push({ text: text.slice(from) })
  return pieces
}
