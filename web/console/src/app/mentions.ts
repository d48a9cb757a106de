/** Notes in which the agent was mentioned: the last ones that came to this browser, kept through reloads. */
import type { Author, Mention } from '@deskwire/sdk'
import { useParams } from '@tanstack/react-router'
import { useEffect, useSyncExternalStore } from 'react'
import { useDesk, useMe } from './api'

/** Mentions that are kept: as many as one looks through; the notes themselves stay in their conversations. */
const KEPT = 50

/** Characters of a note that are kept: three lines of the list. */
const PREVIEW_CHARS = 160

const KEY = 'deskwire.mentions'

/** A note that asks for the agent's attention. */
export interface KeptMention {
  conversation: string
  /** The note's seq. */
  seq: number
  by: Author
  /** How the note begins. */
  text: string
  at: string
  /** Its conversation was looked at since. */
  read: boolean
}

function isKept(value: unknown): value is KeptMention {
  if (typeof value !== 'object' || value === null) return false
  const { conversation, seq, by, text, at } = value as Partial<Record<keyof KeptMention, unknown>>
  const words = [conversation, text, at].every((one) => typeof one === 'string')
  return words && typeof seq === 'number' && typeof by === 'object' && by !== null
}

function parse(raw: string | null): readonly KeptMention[] {
  try {
    const kept: unknown = JSON.parse(raw ?? '[]')
    return Array.isArray(kept) ? kept.filter(isKept) : []
  } catch {
    return []
  }
}

/** One agent's mentions: they may share the machine. */
export class Mentions {
  readonly #key: string
  readonly #listeners = new Set<() => void>()
  /** What the list was read from. */
  #raw: string | null = null
  #list: readonly KeptMention[] = []

  constructor(agent: string) {
    this.#key = `${KEY}.${agent}`
  }

  /** All of them, newest first; the same array until something changes, in this tab or another. */
  get list(): readonly KeptMention[] {
    const raw = localStorage.getItem(this.#key)
    if (raw !== this.#raw) {
      this.#raw = raw
      this.#list = parse(raw)
    }
    return this.#list
  }

  /** Takes one in, once: it comes to every tab, and as a mention and as an entry. */
  add(mention: Omit<KeptMention, 'read'>, read: boolean): void {
    const { conversation, seq } = mention
    if (this.list.some((one) => one.conversation === conversation && one.seq === seq)) return
    const text = mention.text.slice(0, PREVIEW_CHARS)
    this.#keep([{ ...mention, text, read }, ...this.list].slice(0, KEPT))
  }

  /** Those of a conversation were read; of all unless one is said. */
  read(conversation?: string): void {
    const unread = (one: KeptMention) => !one.read && (conversation ?? one.conversation) === one.conversation
    if (!this.list.some(unread)) return
    this.#keep(this.list.map((one) => (unread(one) ? { ...one, read: true } : one)))
  }

  /** Forgets all, here and on the machine. */
  forget(): void {
    localStorage.removeItem(this.#key)
    for (const listener of this.#listeners) listener()
  }

  /** Tells of changes. */
  subscribe = (listener: () => void): (() => void) => {
    const onStorage = ({ key }: StorageEvent) => key === this.#key && listener()
    this.#listeners.add(listener)
    window.addEventListener('storage', onStorage)
    return () => {
      this.#listeners.delete(listener)
      window.removeEventListener('storage', onStorage)
    }
  }

  #keep(list: readonly KeptMention[]): void {
    this.#list = list
    try {
      const raw = JSON.stringify(list)
      localStorage.setItem(this.#key, raw)
      this.#raw = raw
    } catch {
      // The storage is full: the list lives as long as the page.
    }
    for (const listener of this.#listeners) listener()
  }
}

const stores = new Map<string, Mentions>()

function storeOf(agent: string): Mentions {
  const store = stores.get(agent) ?? new Mentions(agent)
  stores.set(agent, store)
  return store
}

/** Forgets the mentions of somebody who has signed out. */
export function forgetMentions(agent: string): void {
  storeOf(agent).forget()
}

/** The mentions of whoever is signed in, drawn again when they change. */
export function useMentions(): { list: readonly KeptMention[]; readAll: () => void } {
  const store = storeOf(useMe().agent.id)
  const list = useSyncExternalStore(store.subscribe, () => store.list)
  return { list, readAll: () => store.read() }
}

/** Keeps what comes, for as long as the console is open; what is looked at counts as read. */
export function useKeepMentions(): void {
  const desk = useDesk()
  const { agent } = useMe()
  const open = useParams({ strict: false, select: (params) => params.conversation })
  useEffect(() => {
    const store = storeOf(agent.id)
    const look = () => {
      if (open && document.hasFocus()) store.read(open)
    }
    const add = (mention: Omit<Mention, 'type'>, at: string) => {
      const { conversation, seq, by, text } = mention
      store.add({ conversation, seq, by, text, at }, conversation === open && document.hasFocus())
    }
    look()
    window.addEventListener('focus', look)
    const ends = [
      desk.on('mention', (mention) => add(mention, new Date().toISOString())),
      // The push may be lost, and comes to nobody who is away. The note itself is caught up with, where one follows.
      desk.on('entry', (view) => {
        const noted = !('hidden' in view) && view.type === 'note' && view.mentions?.includes(agent.id)
        if (noted) add(view, view.at)
      }),
      () => window.removeEventListener('focus', look),
    ]
    return () => {
      for (const end of ends) end()
    }
  }, [desk, agent.id, open])
}
