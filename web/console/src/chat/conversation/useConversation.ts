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

/** A conversation as it is known here, drawn again with each change of it; opening it is for its pane. */
export function useConversationView(id: string): Pick<Opened, 'conversation' | 'version'> {
  const desk = useDesk()
  const conversation = desk.conversation(id)
  const version = useRef(0)

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
  return { conversation, version: seen }
}

/** Opens a conversation for as long as it is drawn. */
export function useConversation(id: string): Opened {
  const { conversation, version } = useConversationView(id)
  const [problem, setProblem] = useState<unknown>()
  const open = useCallback(() => {
    setProblem(undefined)
    conversation.open().catch(setProblem)
  }, [conversation])
  useEffect(() => {
    open()
    return () => conversation.close()
  }, [conversation, open])

  return { conversation, version, problem, retry: open }
}
