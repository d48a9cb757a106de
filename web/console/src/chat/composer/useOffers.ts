import { type KeyboardEvent, type RefObject, useMemo, useState } from 'react'
import { useAll } from '../../app/api'
import type { CannedResponse, QueryInfo } from '../../ui/schema'
import { useDirectory } from '../ChatProvider'
import type { Mode } from './drafts'
import { filled, type Offer, offersFor, readArguments } from './suggest'
import { useKnown } from './useKnown'

/** What is offered just now, and how it is chosen. */
export interface Offers {
  list: readonly Offer[]
  active: number
  /** The text or the cursor has changed. */
  look: () => void
  /** Takes a key, if it is meant for the list. */
  onKey: (event: KeyboardEvent, choose: (offer: Offer) => void) => boolean
  /** The text with what was chosen, and where the cursor goes. */
  insert: (offer: Offer) => { text: string; caret: number }
  /** The query that was chosen. */
  ask: (offer: Offer & { kind: 'query' }) => { name: string; args: Record<string, string> }
}

/** Looks at what is written in a conversation's field and offers what fits. */
export function useOffers(
  id: string,
  text: string,
  mode: Mode,
  field: RefObject<HTMLTextAreaElement | null>,
): Offers {
  const slash = text.startsWith('/')
  const known = useKnown(id, slash)
  const canned = useAll<CannedResponse>(slash ? '/v1/canned-responses' : undefined).rows
  const queries = useAll<QueryInfo>(slash ? '/v1/queries' : undefined).rows
  const { agents } = useDirectory()
  const [caret, setCaret] = useState(0)
  const [active, setActive] = useState(0)
  const [dismissed, setDismissed] = useState<string>()
  const list = useMemo(
    () =>
      dismissed === text
        ? []
        : offersFor(text, caret, mode, { canned, queries, agents: [...agents.values()] }),
    [dismissed, text, caret, mode, canned, queries, agents],
  )
  const at = Math.min(active, Math.max(0, list.length - 1))

  const look = () => {
    setCaret(field.current?.selectionStart ?? 0)
    setActive(0)
  }
  const onKey = (event: KeyboardEvent, choose: (offer: Offer) => void): boolean => {
    const offer = list[at]
    if (!offer) return false
    const move = (step: number) => setActive((at + step + list.length) % list.length)
    if (!take(event, { move, choose: () => choose(offer), leave: () => setDismissed(text) })) return false
    event.preventDefault()
    event.stopPropagation()
    return true
  }
  const insert = (offer: Offer) => {
    if (offer.kind !== 'mention') {
      const next = offer.kind === 'canned' ? filled(offer.canned.text, known) : text
      return { text: next, caret: next.length }
    }
    const before = `${text.slice(0, offer.from)}@${offer.agent.name} `
    return { text: before + text.slice(caret), caret: before.length }
  }
  const ask = ({ query, typed }: Offer & { kind: 'query' }) => ({
    name: query.name,
    args: readArguments(query, typed),
  })
  return { list, active: at, look, onKey, insert, ask }
}

interface Moves {
  move: (step: number) => void
  choose: () => void
  leave: () => void
}

/** Whether a key is one of the list's; if so, does what it says. */
function take({ key, shiftKey }: KeyboardEvent, { move, choose, leave }: Moves): boolean {
  if (key === 'ArrowDown') move(1)
  else if (key === 'ArrowUp') move(-1)
  else if (key === 'Escape') leave()
  else if (key === 'Tab' || (key === 'Enter' && !shiftKey)) choose()
  else return false
  return true
}
