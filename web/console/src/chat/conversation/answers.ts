/** Which entries are answers that articles can be made of. */
import type { EntryOf, EntryView } from '@deskwire/sdk'

/** Whether it is an answer in words, by an agent or by the AI agent. */
export function isAnswer(entry: EntryView): entry is EntryOf<'message'> {
  if ('hidden' in entry || entry.type !== 'message') return false
  const { by, content } = entry
  const words = 'text' in content && content.text ? content.text : 'title' in content && content.title
  return Boolean(words) && (by.kind === 'agent' || by.kind === 'bot')
}

/** The newest answer among a conversation's entries. */
export function newestAnswer(entries: readonly EntryView[] = []): EntryOf<'message'> | undefined {
  return entries.findLast(isAnswer)
}
