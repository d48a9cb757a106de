import type { Conversation, Schemas, Visitor } from '@deskwire/sdk'
import { Cell } from '../state'
import { visible } from './rows'

/** What visitors see of an agent. */
export interface Person {
  name: string | undefined
  avatar: string | undefined
}

/** The agents' names and pictures, as they become known. */
export class People {
  /** By `agt_…`. */
  readonly known = new Cell<ReadonlyMap<string, Person>>(new Map())
  readonly #asked = new Set<string>()

  /** What is known of an agent. */
  of(agent: string | null | undefined): Person | undefined {
    return agent ? this.known.value.get(agent) : undefined
  }

  /** Learns names from a conversation's entries, and asks for the pictures of those that turn up. */
  learn(desk: Visitor, conversation: Conversation): void {
    for (const view of conversation.entries) {
      const entry = visible(view)
      if (entry?.type === 'assigned') this.#meet(desk, entry.agent, entry.name ?? undefined)
      else if (entry?.by.kind === 'agent' && entry.by.id) this.#meet(desk, entry.by.id, undefined)
    }
  }

  #meet(desk: Visitor, agent: string, name: string | undefined): void {
    if (name && !this.known.value.has(agent)) this.#set(agent, { name, avatar: undefined })
    if (this.#asked.has(agent)) return
    this.#asked.add(agent)
    desk.http<Schemas['AgentProfile']>('GET', `/v1/agents/${encodeURIComponent(agent)}/profile`).then(
      (profile) => this.#set(agent, { name: profile.name, avatar: profile.avatar ?? undefined }),
      // Without a profile the name in the log, or "Support", is good enough.
      () => undefined,
    )
  }

  #set(agent: string, person: Person): void {
    this.known.value = new Map(this.known.value).set(agent, person)
  }
}
