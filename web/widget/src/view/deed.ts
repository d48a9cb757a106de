import type { Problem } from '@deskwire/sdk'
import type { Deed } from '../chat'
import { useChat } from './context'

/** What the visitor did last of a kind beside a message, what became of it, and how to do it (again). */
export function useDeed<What extends Deed['do']>(what: What, entry?: number) {
  const chat = useChat()
  const desk = chat.session.desk.value
  const found = [...chat.deeds.value].findLast(
    ([, deed]) => deed.do === what && (!('entry' in deed) || deed.entry === entry),
  )
  const pending = found && desk?.outbox.find((one) => one.clientId === found[0])
  const refused = pending?.status === 'refused' ? pending : undefined
  return {
    /** What was done, unless it was refused. */
    deed: found && !refused ? (found[1] as Extract<Deed, { do: What }>) : undefined,
    /** Whether it is still on its way. */
    waits: pending !== undefined,
    problem: refused?.problem as Problem | undefined,
    act(conversation: string, deed: Extract<Deed, { do: What }>): void {
      if (refused) void desk?.discard(refused.clientId)
      void chat.do(conversation, deed)
    },
  }
}
