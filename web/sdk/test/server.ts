/**
 * A faithful little model of the server: the log with its seq, `client_id` and `after`, acks and pushes, as DESIGN §2
 * has them. Its limits are small, so that short stories meet them.
 */

import type { Ack, ActionFrame, Author, EntryView, ServerFrame, State, Welcome } from '../src'

/** Entries that one read gives. */
const PAGE = 6
/** Entries that a `send` may lie behind. */
const BEHIND = 8

/** Who serves, in this world. */
export const AGENT = 'agt_1'

/** An entry as it is stored; one that is `internal` is hidden from visitors. */
export interface Stored {
  seq: number
  by: Author
  type: string
  client_id?: string
  content?: { kind: string; text: string }
  internal: boolean
  state: State
  conversation: string
}

/** A socket, as the server sees it. */
export interface Peer {
  who: string
  push(frame: ServerFrame): void
}

/** A refusal. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    readonly retryAfter?: number,
  ) {
    super(code)
  }
}

interface Log {
  id: string
  contact: string
  entries: Stored[]
  watchers: Set<Peer>
  /** Closed for good. */
  sealed: boolean
}

/** The server. */
export class Server {
  readonly logs = new Map<string, Log>()
  readonly #current = new Map<string, string>()
  /** How often each `client_id` was stored. */
  readonly stored = new Map<string, number>()
  #contacts = 0

  /** A new visitor. */
  contact(): string {
    this.#contacts += 1
    return `con_${this.#contacts}`
  }

  /** A socket is gone. */
  gone(peer: Peer): void {
    for (const log of this.logs.values()) log.watchers.delete(peer)
  }

  /** What a reader may see. */
  seen(who: string, { internal, ...entry }: Stored): EntryView {
    if (internal && who !== AGENT) return { conversation: entry.conversation, seq: entry.seq, hidden: true }
    const at = new Date(0).toISOString()
    return { ...entry, id: `msg_${entry.conversation}_${entry.seq}`, at } as unknown as EntryView
  }

  /** Answers a frame. */
  answer(peer: Peer, frame: ActionFrame): Ack {
    const ack = this.#perform(peer, frame)
    return { ...ack, action: frame.action }
  }

  #perform(peer: Peer, frame: ActionFrame): Omit<Ack, 'action'> {
    switch (frame.action) {
      case 'hello':
        return { welcome: this.#hello(peer, frame.cursors ?? {}) }
      case 'sync':
        return this.#read(peer.who, this.#log(frame.conversation), frame.after)
      case 'send':
      case 'note':
        return this.#say(peer, frame)
      case 'read':
        return { conversation: frame.conversation, seq: frame.seq }
      case 'watch':
        return { list: { cursor: 's1', rows: [] } }
      case 'close':
        this.append(this.#log(frame.conversation), peer, { type: 'closed' }, 'closed')
        return {}
      default:
        return {}
    }
  }

  #log(id: string): Log {
    const log = this.logs.get(id)
    if (!log) throw new Refused('not_found')
    return log
  }

  #own(who: string): Log[] {
    if (who === AGENT) return [...this.logs.values()]
    const current = this.#current.get(who)
    return current ? [this.#log(current)] : []
  }

  #hello(peer: Peer, cursors: Record<string, number>): Welcome {
    const logs = new Set([...this.#own(peer.who), ...Object.keys(cursors).map((id) => this.#log(id))])
    const conversations = [...logs].map((log) => {
      log.watchers.add(peer)
      const { entries, head, more, state } = this.#read(peer.who, log, cursors[log.id] ?? log.entries.length)
      return { conversation: log.id, head: head ?? 0, state, entries: entries ?? [], more, read: {} }
    })
    return {
      me: author(peer.who),
      now: '',
      ping_seconds: 30,
      token_expires: '',
      conversations: conversations as Welcome['conversations'],
    }
  }

  #read(who: string, log: Log, after: number) {
    const rest = log.entries.slice(after)
    const page = rest.slice(0, PAGE).map((entry) => this.seen(who, entry))
    const head = log.entries.length
    const state = log.entries.at(-1)?.state
    return {
      conversation: log.id,
      head,
      entries: page,
      more: rest.length > page.length,
      ...(state && { state }),
    }
  }

  #say(peer: Peer, frame: Extract<ActionFrame, { action: 'send' | 'note' }>): Omit<Ack, 'action'> {
    const { conversation, after = 0 } = frame
    if (conversation) return this.#sayIn(peer, this.#log(conversation), after, frame)
    const current = this.#current.get(peer.who)
    if (current) {
      const log = this.#log(current)
      try {
        return this.#sayIn(peer, log, 0, frame)
      } catch (refusal) {
        const over = refusal instanceof Refused && log.sealed
        if (!over) throw refusal
      }
    }
    return this.#begin(peer, frame)
  }

  #begin(peer: Peer, frame: Extract<ActionFrame, { action: 'send' | 'note' }>): Omit<Ack, 'action'> {
    const id = `cnv_${this.logs.size + 1}`
    const log: Log = { id, contact: peer.who, entries: [], watchers: new Set([peer]), sealed: false }
    this.logs.set(id, log)
    this.#current.set(peer.who, id)
    for (const other of this.peers) if (other.who === peer.who || other.who === AGENT) log.watchers.add(other)
    this.append(log, peer, { type: 'opened', inbox: 'inb_web' }, 'queued')
    this.#store(log, peer, frame)
    this.append(log, undefined, { type: 'assigned', agent: AGENT }, 'active')
    const { more: _, ...read } = this.#read(peer.who, log, 0)
    return { ...read, seq: 2, client_id: frame.client_id }
  }

  #sayIn(
    peer: Peer,
    log: Log,
    after: number,
    frame: Extract<ActionFrame, { action: 'send' | 'note' }>,
  ): Omit<Ack, 'action'> {
    if (after > log.entries.length || log.entries.length - after > BEHIND) throw new Refused('sync_required')
    const since = log.entries.slice(after)
    const original = since.find(({ client_id, by }) => client_id === frame.client_id && by.id === peer.who)
    if (!original && log.sealed) throw new Refused('conversation_closed')
    const missed = this.#read(peer.who, log, after)
    const stored = original ?? this.#store(log, peer, frame)
    // With what was missed the entry may not fit: `more` says so.
    const { entries, more, ...read } = this.#read(peer.who, log, after)
    return {
      ...read,
      entries: entries.slice(0, Math.max(missed.entries.length, PAGE)),
      more,
      seq: stored.seq,
      client_id: frame.client_id,
    }
  }

  #store(log: Log, peer: Peer, frame: Extract<ActionFrame, { action: 'send' | 'note' }>): Stored {
    const { client_id, action } = frame
    this.stored.set(client_id, (this.stored.get(client_id) ?? 0) + 1)
    const internal = action === 'note'
    const content = action === 'note' ? { kind: 'text', text: frame.text ?? '' } : frame.content
    return this.append(
      log,
      peer,
      { type: internal ? 'note' : 'message', client_id, content, internal },
      'active',
    )
  }

  /** Sockets that are open. */
  readonly peers = new Set<Peer>()

  /** Writes an entry, and pushes it to all who watch but its author's socket. */
  append(log: Log, peer: Peer | undefined, event: Record<string, unknown>, status: string): Stored {
    const seq = log.entries.length + 1
    const state = { status, contact: log.contact, since: String(seq) } as unknown as State
    const by: Author = peer ? author(peer.who) : { kind: 'system' }
    const entry = { internal: false, ...event, conversation: log.id, seq, by, state } as unknown as Stored
    log.entries.push(entry)
    for (const watcher of log.watchers) {
      if (watcher !== peer) watcher.push({ type: 'entry', entry: this.seen(watcher.who, entry) })
    }
    return entry
  }
}

/** An author by their id. */
export function author(who: string): Author {
  return { kind: who.startsWith('agt_') ? 'agent' : 'visitor', id: who }
}
