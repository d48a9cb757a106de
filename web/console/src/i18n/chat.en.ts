/** English words of the shell and of the chat. */
import { conversationEn } from './chat/conversation.en'
import { inboxEn } from './chat/inbox.en'
import { shellEn } from './chat/shell.en'

export const chatEn = { ...shellEn, ...inboxEn, ...conversationEn } as const
