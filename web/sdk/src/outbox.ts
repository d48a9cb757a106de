/**
 * What is to be sent: kept before it is sent, sent in order in each conversation, and given up only when it is stored.
 *
 * A resend carries the same `client_id` and the same `after`, so the server finds the original and stores nothing twice.
 * Whatever the server refuses for good stays, with the reason, until it is tried again or thrown away.
 */

import { pauseSeconds } from './backoff'
import type { Item, OutboxStore } from './outbox-store'
import type { Platform } from './platform'
import { Problem } from './problem'
import type { Ack, Author, OutboxFrame, Pending } from './types'

/** Failures on the server's side in a row, after which it is the person's to say whether it is tried again. */
const MOST_FAILURES = 8

/** Rounds of "you have not seen all": each is one read of all that was missed. */
const MOST_ROUNDS = 4

/** How things are carried. */
export interface Carrier {
  request(frame: OutboxFrame): Promise<Ack>
  /** Who sends: a visitor's message without a conversation goes to the present one, or begins one. */
  readonly me: Author | undefined
  readonly conversations: {
    /** A visitor's present conversation. */
    readonly current: { readonly id: string } | undefined
    /** The server says that too much was missed: the frame with a newer `after`, or `undefined` where it is stored. */
    catchUp(item: Item): Promise<OutboxFrame | undefined>
  }
  /** Takes in what the ack says. */
  acked(ack: Ack): void
  /** The connection is of no use. */
  fail(problem: Problem): void
}

/** What tabs tell each other: what stands where, by the one that sends; something new; "try again"; it is gone. */
export type OutboxNews =
  | { item: Item; sending: boolean }
  | { offer: Item }
  | { again: string }
  | { gone: string }

interface Entry {
  item: Item
  sending: boolean
  /** This tab is at it; its lane may have another name by now. */
  busy: boolean
  /** Ends the waiting for an answer. */
  settled?: () => void
  failures: number
  rounds: number
  pending: Pending
}

/** The outbox of one identity. */
export class Outbox {
  /** Something about one has changed. */
  onChange: (pending: Pending, what: 'changed' | 'gone') => void = () => {}
  /** The same, for other tabs. */
  tell: (news: OutboxNews) => void = () => {}
  readonly #platform: Platform
  readonly #store: OutboxStore
  readonly #carrier: Carrier
  /** In order. */
  #entries: Entry[] = []
  readonly #lanes = new Set<string>()
  /** What is gone: an older word of it, from the store or another tab, must not bring it back. */
  readonly #gone = new Set<string>()
  #active = false
  #order = 0
  #clears = 0

  constructor(platform: Platform, store: OutboxStore, carrier: Carrier) {
    this.#platform = platform
    this.#store = store
    this.#carrier = carrier
  }

  /** All, in order. */
  get pending(): Pending[] {
    return this.#entries.map((entry) => entry.pending)
  }

  /** Reads what is kept; `mine` says whose is of interest. */
  async load(mine: (item: Item) => boolean): Promise<void> {
    for (const item of await this.#store.all()) {
      if (mine(item)) this.#takeNew(item)
    }
  }

  /** Tells the tab that sends of all that is here; it may not have been listening before. */
  offer(): void {
    for (const { item } of this.#entries) if (!item.refused) this.tell({ offer: item })
  }

  /** Keeps it, then sends it. */
  async add(frame: OutboxFrame, subject: string | undefined): Promise<Pending> {
    const clears = this.#clears
    const at = this.#platform.now()
    this.#order = Math.max(this.#order + 1, at * 1000)
    const item: Item = {
      clientId: frame.client_id,
      order: this.#order,
      at,
      ...(subject !== undefined && { subject }),
      frame,
      refused: false,
    }
    await this.#store.put(item)
    if (clears !== this.#clears) {
      await this.#store.remove(item.clientId)
      throw Problem.signedOut()
    }
    const { pending } = this.#take(item, false)
    this.tell({ offer: item })
    this.#flush()
    return pending
  }

  /** Sends from now on, or no longer; only one tab does. */
  set active(active: boolean) {
    this.#active = active
    this.#flush()
  }

  /** It is in the log. */
  settle(clientId: string): void {
    const entry = this.#find(clientId)
    if (entry) void this.#remove(entry)
  }

  /** Tries again what was refused. */
  async retry(clientId: string): Promise<void> {
    const entry = this.#find(clientId)
    if (!entry) return
    entry.failures = entry.rounds = 0
    const { problem: _, ...item } = entry.item
    await this.#change(entry, { ...item, refused: false })
    this.tell({ again: clientId })
    this.#flush()
  }

  /** Throws it away. */
  async discard(clientId: string): Promise<void> {
    const entry = this.#find(clientId)
    if (entry) await this.#remove(entry)
  }

  /** Throws all away: somebody has signed out. Nothing is here from now on; what is stored takes a while. */
  clear(): Promise<void> {
    this.#clears += 1
    const all = this.#entries.map(({ item }) => item.clientId)
    for (const clientId of all) this.#forget(clientId)
    return this.#store.clear(all)
  }

  /** Another tab has news. */
  heard(news: OutboxNews): void {
    if ('gone' in news) {
      this.#forget(news.gone)
    } else if ('offer' in news) {
      this.#takeNew(news.offer)
    } else if ('again' in news) {
      const entry = this.#find(news.again)
      if (entry?.item.refused) this.#take({ ...entry.item, refused: false }, false)
    } else if (!this.#active && !this.#gone.has(news.item.clientId)) this.#take(news.item, news.sending)
    this.#flush()
  }

  #find(clientId: string): Entry | undefined {
    return this.#entries.find((entry) => entry.item.clientId === clientId)
  }

  #take(item: Item, sending: boolean): Entry {
    let entry = this.#find(item.clientId)
    if (entry) Object.assign(entry, { item, sending, pending: pendingOf(item, sending) })
    else {
      entry = { item, sending, busy: false, failures: 0, rounds: 0, pending: pendingOf(item, sending) }
      this.#entries = [...this.#entries, entry].sort((a, b) => a.item.order - b.item.order)
    }
    this.onChange(entry.pending, 'changed')
    return entry
  }

  /** Shows how it stands, here and in the other tabs; it may have been thrown away meanwhile. */
  #show(entry: Entry, item: Item, sending: boolean): boolean {
    const there = this.#entries.includes(entry)
    if (there) {
      this.#take(item, sending)
      this.tell({ item, sending })
    }
    return there
  }

  async #change(entry: Entry, item: Item): Promise<void> {
    if (!this.#show(entry, item, false)) return
    await this.#store.put(item)
    if (!this.#entries.includes(entry)) await this.#store.remove(item.clientId)
  }

  #takeNew(item: Item): void {
    if (!this.#find(item.clientId) && !this.#gone.has(item.clientId)) this.#take(item, false)
  }

  #forget(clientId: string): void {
    this.#gone.add(clientId)
    const entry = this.#find(clientId)
    if (!entry) return
    this.#entries = this.#entries.filter((other) => other !== entry)
    entry.settled?.()
    this.onChange(entry.pending, 'gone')
  }

  async #remove({ item: { clientId } }: Entry): Promise<void> {
    this.#forget(clientId)
    await this.#store.remove(clientId)
    this.tell({ gone: clientId })
  }

  /** What is sent one after the other. A visitor has one line: what names no conversation, or one that is closed, ends up
   * where the rest does. */
  #lane({ item }: Entry): string {
    return this.#carrier.me?.kind === 'agent' ? (item.frame.conversation ?? '') : ''
  }

  #flush(): void {
    if (!this.#active) return
    for (const lane of new Set(
      this.#entries.filter((entry) => !entry.item.refused).map((entry) => this.#lane(entry)),
    )) {
      if (!this.#lanes.has(lane)) void this.#run(lane)
    }
  }

  async #run(lane: string): Promise<void> {
    this.#lanes.add(lane)
    let pause: number | undefined
    while (this.#active && pause === undefined) {
      const entry = this.#entries.find((one) => !one.item.refused && this.#lane(one) === lane)
      if (!entry) break
      if (entry.busy) {
        // It set out before it was known who writes; whoever is at it goes on here.
        this.#lanes.delete(lane)
        return
      }
      entry.busy = true
      pause = await this.#deliver(entry)
      entry.busy = false
    }
    const goOn = () => {
      this.#lanes.delete(lane)
      this.#flush()
    }
    if (pause === undefined) goOn()
    else this.#platform.after(pause, goOn)
  }

  /** Sends one; answers after how many seconds the lane goes on, where it must wait. */
  async #deliver(entry: Entry): Promise<number | undefined> {
    const { problem: _, ...item } = entry.item
    const subject = this.#carrier.me?.id
    this.#show(entry, subject ? { ...item, subject } : item, true)
    try {
      // What is seen in the log, or thrown away, is waited for no longer.
      const settled = new Promise<undefined>((resolve) => {
        entry.settled = () => resolve(undefined)
      })
      const ack = await Promise.race([this.#carrier.request(item.frame), settled])
      if (ack) this.#carrier.acked(ack)
      await this.#remove(entry)
      return undefined
    } catch (thrown) {
      return this.#failed(entry, Problem.of(thrown))
    }
  }

  async #failed(entry: Entry, problem: Problem): Promise<number | undefined> {
    const { item } = entry
    // Nobody refused it: it waits for the next start.
    if (problem.code === 'stopped') {
      this.#show(entry, item, false)
      return undefined
    }
    if (problem.tokenEnded) this.#carrier.fail(problem)
    if (problem.code === 'sync_required' && entry.rounds < MOST_ROUNDS) return this.#catchUp(entry)
    if (
      problem.code === 'conversation_closed' &&
      item.frame.action === 'send' &&
      entry.rounds < MOST_ROUNDS
    ) {
      entry.rounds += 1
      const { conversation, ...frame } = item.frame
      // For a visitor the next conversation begins; an agent's message has nowhere to go.
      if (conversation && this.#carrier.me?.kind === 'visitor') {
        await this.#change(entry, { ...item, frame: { ...frame, after: 0 } })
        return undefined
      }
    }
    if (problem.passing || problem.tokenEnded) {
      entry.failures += problem.code === 'internal_error' ? 1 : 0
      if (entry.failures < MOST_FAILURES) return this.#later(entry, problem)
    }
    await this.#change(entry, { ...item, refused: true, problem: problem.toJSON() })
    return undefined
  }

  #later(entry: Entry, problem: Problem): number {
    this.#show(entry, { ...entry.item, problem: problem.toJSON() }, false)
    const pause = pauseSeconds('oneself', entry.failures, this.#platform.random)
    return Math.max(pause, problem.retryAfter ?? 0)
  }

  async #catchUp(entry: Entry): Promise<number | undefined> {
    entry.rounds += 1
    try {
      const frame = await this.#carrier.conversations.catchUp(entry.item)
      if (frame) await this.#change(entry, { ...entry.item, frame })
      else await this.#remove(entry)
      return undefined
    } catch (thrown) {
      return this.#failed(entry, Problem.of(thrown))
    }
  }
}

function pendingOf(item: Item, sending: boolean): Pending {
  const { frame } = item
  return {
    clientId: item.clientId,
    action: frame.action,
    frame,
    at: item.at,
    status: item.refused ? 'refused' : sending ? 'sending' : 'queued',
    ...(frame.conversation && { conversation: frame.conversation }),
    ...('content' in frame && frame.content && { content: frame.content }),
    ...('text' in frame && frame.text !== undefined && { text: frame.text }),
    ...(item.problem && { problem: new Problem(item.problem) }),
  }
}
