import type { Conversation } from '@deskwire/sdk'
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { useDesk } from '../../app/api'

/** A conversation that is looked at, drawn again with each change of it. */
export interface Opened {
  conversation: Conversation
  /** Goes up with each change: the conversation's fields are replaced, the object stays. */
  version: number
  /** Why it could not be read. */
  problem: unknown
  retry: () => void
}

/** Opens a conversation for as long as it is drawn. */
export function useConversation(id: string): Opened {
  const desk = useDesk()
  const conversation = desk.conversation(id)
  const version = useRef(0)
  const [problem, setProblem] = useState<unknown>()

  const subscribe = useCallback(
    (listener: () => void) => {
      const changed = (one: { id: string }) => {
        if (one.id !== id) return
        version.current += 1
        listener()
      }
      const ends = [
        desk.on('conversation', changed),
        desk.on('typing', changed),
        desk.on('receipt', changed),
        desk.on('delta', changed),
        desk.on('position', changed),
        desk.on('entry', (_, one) => changed(one)),
        desk.on('pending', ({ conversation: where }) => where && changed({ id: where })),
      ]
      return () => {
        for (const end of ends) end()
      }
    },
    [desk, id],
  )
  const seen = useSyncExternalStore(subscribe, () => version.current)

  const open = useCallback(() => {
    setProblem(undefined)
    conversation.open().catch(setProblem)
  }, [conversation])
  useEffect(() => {
    open()
    return () => conversation.close()
  }, [conversation, open])

  return { conversation, version: seen, problem, retry: open }
}
