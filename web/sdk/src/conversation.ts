/** One conversation as this client knows it. */

import type { Emitter } from './emitter'
import type { Http } from './http'
import { Log } from './log'
import { Pages } from './pages'
import type { Platform } from './platform'
import { type Delta, Stream } from './stream'
import type {
  Ack,
  ActionFrame,
  Author,
  Conversation,
  EntryView,
  Events,
  Pending,
  StateView,
  Streaming,
  Welcome,
} from './types'

/** What `hello` says of one conversation. */
export type Resumed = Welcome['conversations'][number]

/** Entries that are loaded at once: some screens full. */
export const PAGE_ENTRIES = 50

/** A conversation that is seen first at a seq this low is read from its start: one `sync` gets it (100 entries). */
const FROM_START = 50

/** Seconds to wait for a push that was overtaken, before the gap is asked for. */
const GAP_SECONDS = 0.25

/** Seconds after which somebody types no longer, unless they are heard again: the other side tells it every 9. */
const TYPING_SECONDS = 15

/** Seconds without a piece after which what the AI agent writes is shown no longer: its time for a turn is shorter. */
const STREAM_SECONDS = 60

/** What a conversation needs of the client that it belongs to. */
export interface Host {
  readonly platform: Platform
  readonly http: Http
  readonly emitter: Emitter<Events>
  request(frame: ActionFrame): Promise<Ack>
  /** Has the present socket follow the conversation, unless it does. */
  follow(view: View): Promise<void>
  /** `con_…` or `agt_…`. */
  readonly self: string | undefined
  pendingOf(conversation: string): readonly Pending[]
  /** An entry was added at the end of a run. */
  added(entry: EntryView, view: View): void
}

/** A {@link Conversation}, and what the client does to it. */
export class View implements Conversation {
  readonly id: string
  readonly log = new Log()
  state: StateView | undefined
  read: Readonly<Record<string, number>> = {}
  delivered = 0
  typing: readonly Author[] = []
  position: number | undefined
  /** Whether somebody looks at it. */
  opened = false
  readonly #host: Host
  readonly #pages: Pages
  readonly #stream = new Stream()
  readonly #typists = new Map<string, () => void>()
  #stateSeq = 0
  #filling: Promise<void> | undefined
  #loading: Promise<void> | undefined
  #gap = () => {}
  #silence = () => {}

  constructor(id: string, host: Host) {
    this.id = id
    this.#host = host
    this.#pages = new Pages(host.http, id)
  }

  get head(): number {
    return this.log.head
  }

  get entries(): readonly EntryView[] {
    return this.log.entries
  }

  get pending(): readonly Pending[] {
    return this.#host.pendingOf(this.id)
  }

  get streaming(): Streaming | undefined {
    return this.#stream.streaming
  }

  get hasEarlier(): boolean {
    return this.log.base > 0
  }

  async open(): Promise<void> {
    this.opened = true
    if (this.log.last === undefined || (this.log.entries.length < PAGE_ENTRIES && this.hasEarlier)) {
      await this.loadEarlier(PAGE_ENTRIES - this.log.entries.length)
    }
    await this.#host.follow(this)
  }

  close(): void {
    this.opened = false
  }

  loadEarlier(limit = PAGE_ENTRIES): Promise<void> {
    this.#loading ??= this.#loadEarlier(limit).finally(() => {
      this.#loading = undefined
    })
    return this.#loading
  }

  async #loadEarlier(limit: number): Promise<void> {
    const before = this.log.last === undefined ? undefined : this.log.base + 1
    if (before === 1) return
    const page = await this.#pages.before(before, limit)
    if (this.log.last === undefined && page.length === 0) this.log.begin(0)
    this.log.prepend(page)
    this.#learnState(page)
    this.changed()
    this.#fillSoon()
  }

  page(after: number, limit: number): Promise<EntryView[]> {
    const { entries, base } = this.log
    const end = Math.min(after + limit, Math.max(this.head, after))
    if (after >= base && end <= base + entries.length)
      return Promise.resolve(entries.slice(after - base, end - base))
    return this.#pages.after(after, end - after)
  }

  /** What `hello` says of it. */
  resumed({ head, state, entries, read }: Resumed): void {
    this.log.begin(head)
    this.log.reaches(head)
    for (const [who, seq] of Object.entries(read ?? {})) this.#markRead(who, seq)
    this.#setState(head, state)
    this.take(entries)
  }

  /** What an ack says of it. */
  acked(ack: Ack): void {
    if (ack.action === 'read' && ack.seq) {
      const self = this.#host.self
      if (self) this.#markRead(self, ack.seq)
    }
    if (ack.delivered && ack.seq) this.delivered = Math.max(this.delivered, ack.seq)
    if (ack.head) this.log.reaches(ack.head)
    if (ack.head && ack.state) this.#setState(ack.head, ack.state)
    this.take(ack.entries ?? [])
  }

  /** Entries from anywhere. */
  take(entries: readonly EntryView[]): void {
    const first = entries[0]
    if (this.log.last === undefined && first) {
      // A visitor's own conversation is whole; an agent who gets one hears from now on, and loads what was before.
      const whole = first.seq <= FROM_START && !this.#host.self?.startsWith('agt_')
      this.log.begin(whole ? 0 : first.seq - 1)
    }
    const added = this.log.merge(entries)
    this.#learnState(entries)
    for (const entry of added) {
      this.#ends(entry)
      this.#host.added(entry, this)
    }
    this.changed()
    this.#fillSoon()
  }

  /** Somebody has read. */
  receipt(by: Author, seq: number): void {
    if (by.id) this.#markRead(by.id, seq)
    this.#host.emitter.emit('receipt', this)
    this.changed()
  }

  /** Somebody types, or no longer. */
  typist(by: Author, on: boolean): void {
    const key = `${by.kind} ${by.id ?? ''}`
    this.#typists.get(key)?.()
    this.#typists.delete(key)
    if (on)
      this.#typists.set(
        key,
        this.#host.platform.after(TYPING_SECONDS, () => this.typist(by, false)),
      )
    const others = this.typing.filter((author) => author.kind !== by.kind || author.id !== by.id)
    if (!on && others.length === this.typing.length) return
    this.typing = on ? [...others, by] : others
    this.#host.emitter.emit('typing', this)
    this.changed()
  }

  /** The AI agent is writing; what it had begun when somebody took over is nobody's words any more. */
  delta(delta: Delta): void {
    if (this.state && this.state.status !== 'bot') return
    this.#silence()
    this.#silence = this.#host.platform.after(STREAM_SECONDS, () => {
      this.#stream.end()
      this.changed()
    })
    this.#stream.take(delta)
    this.#host.emitter.emit('delta', this)
    this.changed()
  }

  /** The place in the queue. */
  waits(position: number): void {
    this.position = position
    this.#host.emitter.emit('position', this)
    this.changed()
  }

  changed(): void {
    this.#host.emitter.emit('conversation', this)
  }

  /** Asks for what is missing, until nothing is. */
  fill(): Promise<void> {
    this.#filling ??= this.#fill().finally(() => {
      this.#filling = undefined
    })
    return this.#filling
  }

  async #fill(): Promise<void> {
    this.#gap()
    for (let last = this.log.last; last !== undefined; ) {
      const ack = await this.#host.request({ action: 'sync', conversation: this.id, after: last })
      this.acked(ack)
      // Nothing new: what is missing is not there yet, and whatever comes next asks again.
      if (!this.log.behind || this.log.last === last) return
      last = this.log.last
    }
  }

  #fillSoon(): void {
    this.#gap()
    if (!this.log.behind || this.#filling) return
    // Without a connection there is no answer; `hello` begins anew then.
    this.#gap = this.#host.platform.after(GAP_SECONDS, () => void this.fill().catch(() => {}))
  }

  /** What an entry puts an end to: its author's typing, the text that was shown while it was written. */
  #ends(entry: EntryView): void {
    if (!('type' in entry)) return
    this.typist(entry.by, false)
    if ('client_id' in entry && entry.by.kind === 'bot') this.#stream.end(entry.client_id)
  }

  #learnState(entries: readonly EntryView[]): void {
    for (const entry of entries) if ('type' in entry) this.#setState(entry.seq, entry.state)
  }

  #setState(seq: number, state: StateView): void {
    if (seq < this.#stateSeq) return
    this.#stateSeq = seq
    this.state = state
    if (state.status !== 'queued') this.position = undefined
    if (state.status !== 'bot') this.#stream.end()
  }

  #markRead(who: string, seq: number): void {
    if (seq <= (this.read[who] ?? 0)) return
    this.read = { ...this.read, [who]: seq }
    if (who !== this.#host.self) this.delivered = Math.max(this.delivered, seq)
  }
}
