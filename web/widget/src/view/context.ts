import type { Chat } from '../chat'

let shown: Chat | undefined

/** Says which chat is shown: a page has one. */
export function show(chat: Chat | undefined): void {
  shown = chat
}

/** The chat that is shown. */
export function useChat(): Chat {
  if (!shown) throw new Error()
  return shown
}
