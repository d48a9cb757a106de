import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Chat } from '../chat'

/** The chat, for all that is shown of it. */
export const ChatContext = createContext<Chat | undefined>(undefined)

/** The chat that is shown. */
export function useChat(): Chat {
  const chat = useContext(ChatContext)
  if (!chat) throw new Error('This is shown inside a chat only.')
  return chat
}
