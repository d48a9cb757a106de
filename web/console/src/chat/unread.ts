/** What the agent has not read yet, in their own conversations. */
import type { Conversation, Deskwire, EntryView } from '@deskwire/sdk'
import { useMemo, useSyncExternalStore } from 'react'
import { useDesk, useMe } from '../app/api'
import { staffState } from './rows'

/** Conversations whose place is remembered on this machine; beyond these the oldest are forgotten. */
const REMEMBERED = 500

const SEEN_KEY = 'deskwire.seen'

function remembered(agent: string): Map<string, number> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(`${SEEN_KEY}.${agent}`) ?? '[]')
    const pairs = Array.isArray(kept) ? kept : []
    return new Map(
      pairs.filter((pair): pair is [string, number] => Array.isArray(pair) && typeof pair[1] === 'number'),
    )
  } catch {
    return new Map()
  }
}

/** Whether an entry is something that a visitor said. */
export function isSaidByVisitor(view: EntryView): boolean {
  if ('hidden' in view || view.by.kind !== 'visitor') return false
  return view.type === 'message' || view.type === 'postback' || view.type === 'held' || view.type === 'rated'
}

/** Counts by conversation, kept as entries come and are read. */
export class Unread {
  readonly #desk: Deskwire
  readonly #agent: string
  readonly #seen: Map<string, number>
  #listeners = new Set<() => void>()
  #ends: (() => void)[] = []
  #counts: ReadonlyMap<string, number> = new Map()

  constructor(desk: Deskwire, agent: string) {
    this.#desk = desk
    this.#agent = agent
    this.#seen = remembered(agent)
    this.#counts = this.#count()
  }

  /** Unread of each conversation that has any. */
  get counts(): ReadonlyMap<string, number> {
    return this.#counts
  }

  /** The agent has looked at a conversation up to here: now it counts as read, and the other side is told. */
  mark(conversation: string, seq: number): void {
    if (seq <= (this.#seen.get(conversation) ?? 0)) return
    this.#seen.delete(conversation)
    this.#seen.set(conversation, seq)
    const kept = [...this.#seen].slice(-REMEMBERED)
    try {
      localStorage.setItem(`${SEEN_KEY}.${this.#agent}`, JSON.stringify(kept))
    } catch {
      // The storage is full: the place is known as long as the page lives, and the server is told of it.
    }
    this.#desk.read(conversation, seq)
    this.#tell()
  }

  /** Tells of changes. */
  subscribe = (listener: () => void): (() => void) => {
    if (this.#listeners.size === 0) this.#begin()
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.#end()
    }
  }

  #begin(): void {
    const tell = () => this.#tell()
    this.#ends = [
      this.#desk.on('conversation', tell),
      this.#desk.on('entry', tell),
      this.#desk.on('connection', tell),
    ]
    this.#counts = this.#count()
  }

  #end(): void {
    for (const end of this.#ends) end()
    this.#ends = []
  }

  #tell(): void {
    const counts = this.#count()
    const same =
      counts.size === this.#counts.size && [...counts].every(([id, n]) => this.#counts.get(id) === n)
    if (same) return
    this.#counts = counts
    for (const listener of this.#listeners) listener()
  }

  #count(): Map<string, number> {
    const counts = new Map<string, number>()
    for (const conversation of this.#desk.conversations.values()) {
      const state = staffState(conversation.state)
      if (state?.assignee !== this.#agent || state.status === 'closed') continue
      const unread = this.#unreadIn(conversation)
      if (unread > 0) counts.set(conversation.id, unread)
    }
    return counts
  }

  #unreadIn({ id, entries, read }: Conversation): number {
    const seen = Math.max(this.#seen.get(id) ?? 0, read[this.#agent] ?? 0)
    let unread = 0
    for (let at = entries.length - 1; at >= 0; at -= 1) {
      const entry = entries[at]
      if (!entry || entry.seq <= seen) break
      // Whoever answered has read what was before.
      if (!('hidden' in entry) && entry.by.id === this.#agent && entry.type === 'message') break
      if (isSaidByVisitor(entry)) unread += 1
    }
    return unread
  }
}

const stores = new WeakMap<Deskwire, Unread>()

/** The counts of a connection: one store for all who show them. */
export function useUnreadStore(): Unread {
  const desk = useDesk()
  const { agent } = useMe()
  return useMemo(() => {
    const known = stores.get(desk) ?? new Unread(desk, agent.id)
    stores.set(desk, known)
    return known
  }, [desk, agent.id])
}

/** Unread by conversation, and in all. */
export function useUnread(): { counts: ReadonlyMap<string, number>; total: number } {
  const store = useUnreadStore()
  const counts = useSyncExternalStore(store.subscribe, () => store.counts)
  let total = 0
  for (const count of counts.values()) total += count
  return { counts, total }
}
