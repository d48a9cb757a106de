import type { Translation } from '../app/words'
import { conversationZh } from './chat/conversation.zh'
import { inboxZh } from './chat/inbox.zh'
import { shellZh } from './chat/shell.zh'
import type { chatEn } from './chat.en'

/** Chinese words of the shell and of the chat. */
export const chatZh: Translation<typeof chatEn> = { ...shellZh, ...inboxZh, ...conversationZh }
