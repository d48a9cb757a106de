/** What somebody began to write, kept on their machine until it is sent or they sign out: through reloads and cut lines. */
import { useSyncExternalStore } from 'react'

/** What is being written: words for the visitor, or a note. */
export type Mode = 'reply' | 'note'

const PREFIX = 'deskwire.draft'
/** Whose drafts: agents share machines. */
let owner = ''
const listeners = new Set<() => void>()
/** Beside the storage, which may be full or forbidden. */
const held = new Map<string, string>()

function keyOf(conversation: string, mode: Mode): string {
  return `${PREFIX}.${owner}.${mode}.${conversation}`
}

/** Says whose drafts these are, before any is read. */
export function ownDrafts(agent: string): void {
  owner = agent
}

function read(key: string): string {
  const known = held.get(key)
  if (known !== undefined) return known
  const kept = localStorage.getItem(key) ?? ''
  held.set(key, kept)
  return kept
}

/** The draft of a conversation. */
export function draftOf(conversation: string, mode: Mode): string {
  return read(keyOf(conversation, mode))
}

/** Keeps a draft; an empty one is forgotten. */
export function keepDraft(conversation: string, mode: Mode, text: string): void {
  const key = keyOf(conversation, mode)
  held.set(key, text)
  try {
    if (text === '') localStorage.removeItem(key)
    else localStorage.setItem(key, text)
  } catch {
    // The storage is full: the draft lives as long as the page.
  }
  for (const listener of listeners) listener()
}

/** Forgets all drafts of somebody who has signed out. */
export function forgetDrafts(agent: string): void {
  const begins = `${PREFIX}.${agent}.`
  for (const key of [...held.keys()]) if (key.startsWith(begins)) held.delete(key)
  const stored = Array.from({ length: localStorage.length }, (_, place) => localStorage.key(place))
  for (const key of stored) if (key?.startsWith(begins)) localStorage.removeItem(key)
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** The draft of a conversation, drawn again when it changes. */
export function useDraft(conversation: string, mode: Mode): string {
  return useSyncExternalStore(subscribe, () => draftOf(conversation, mode))
}
