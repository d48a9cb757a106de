/** All conversations that this client knows: resumed with each connection, and fed by what comes. */

import { type Host, type Resumed, View } from './conversation'
import type { Emitter } from './emitter'
import type { Http } from './http'
import type { Outbox } from './outbox'
import type { Item } from './outbox-store'
import type { Platform } from './platform'
import { Problem } from './problem'
import type {
  Ack,
  ActionFrame,
  Author,
  Conversation,
  EntryView,
  Events,
  Options,
  OutboxFrame,
  Pending,
  ServerFrame,
  Welcome,
} from './types'

/** Cursors that one `hello` takes; the server's limit. */
const HELLO_CURSORS = 50

/** Conversations that are followed over a new connection, the last looked at first: as many as an agent looks at in a day. */
const MOST_FOLLOWED = 100

/** What the conversations need of their client. */
export interface Surroundings {
  platform: Platform
  http: Http
  emitter: Emitter<Events>
  /** `inbox`: a visitor's, where only one is of interest. */
  options: Pick<Options, 'inbox'>
  outbox: Pick<Outbox, 'pending' | 'settle'>
  request(frame: ActionFrame): Promise<Ack>
  readonly isOnline: boolean
  readonly self: string | undefined
  /** The server says who one is. */
  met(me: Author): void
}

/** The conversations. */
export class Conversations implements Host {
  readonly platform: Platform
  readonly http: Http
  readonly emitter: Emitter<Events>
  readonly views = new Map<string, View>()
  /** A visitor's. */
  current: View | undefined
  readonly #around: Surroundings
  /** Those that the present socket follows. */
  readonly #followed = new Set<string>()
  /** By when they were looked at last. */
  #recent: readonly string[] = []

  constructor(around: Surroundings) {
    this.#around = around
    this.platform = around.platform
    this.http = around.http
    this.emitter = around.emitter
  }

  /** The view of one. */
  view(id: string): View {
    const view = this.views.get(id) ?? new View(id, this)
    this.views.set(id, view)
    return view
  }

  request(frame: ActionFrame): Promise<Ack> {
    return this.#around.request(frame)
  }

  get self(): string | undefined {
    return this.#around.self
  }

  pendingOf(conversation: string): readonly Pending[] {
    const here = (pending: Pending) => (pending.conversation ?? this.current?.id) === conversation
    return this.#around.outbox.pending.filter(here)
  }

  /** Begins or resumes everything over a new connection. */
  async greet(): Promise<Welcome> {
    this.#followed.clear()
    const views = [...this.views.values()].filter((view) => view.log.last !== undefined)
    const rank = (view: View) => this.#recent.indexOf(view.id) + 1 || Number.MAX_SAFE_INTEGER
    const known = views.sort((a, b) => rank(a) - rank(b)).slice(0, MOST_FOLLOWED)
    let welcome: Welcome | undefined
    for (let from = 0; from === 0 || from < known.length; from += HELLO_CURSORS) {
      welcome = await this.#hello(known.slice(from, from + HELLO_CURSORS))
      if (from === 0) await this.#choose(welcome)
    }
    return welcome as Welcome
  }

  /** What was opened while there was no connection is loaded now; whoever opened it was told that it was not. */
  reopen(): void {
    for (const view of this.views.values()) {
      if (view.opened && !this.#followed.has(view.id)) void view.open().catch(() => {})
    }
  }

  /** Forgets all. */
  forget(): void {
    this.views.clear()
    this.#followed.clear()
    this.current = undefined
  }

  async follow(view: View): Promise<void> {
    this.#recent = [view.id, ...this.#recent.filter((id) => id !== view.id)].slice(0, MOST_FOLLOWED)
    if (this.#around.isOnline && !this.#followed.has(view.id)) await this.#hello([view])
  }

  async #hello(views: View[]): Promise<Welcome> {
    const cursors: Record<string, number> = {}
    for (const { id, log } of views) if (log.last !== undefined) cursors[id] = log.last
    const { welcome } = await this.request({ action: 'hello', cursors })
    if (!welcome) throw Problem.local('connection_lost', 'The server did not say hello.')
    this.#around.met(welcome.me)
    for (const resumed of welcome.conversations) this.#resumed(resumed)
    return welcome
  }

  #resumed(resumed: Resumed): void {
    this.#followed.add(resumed.conversation)
    this.view(resumed.conversation).resumed(resumed)
  }

  /** Which conversation is a visitor's present one: of the inbox, rather open than closed, rather new than old. */
  async #choose({ me, conversations }: Welcome): Promise<void> {
    if (me.kind !== 'visitor') return
    const { inbox } = this.#around.options
    const found: View[] = []
    for (const { conversation } of conversations) {
      const view = this.view(conversation)
      if (inbox === undefined || (await inboxOf(view)) === inbox) found.push(view)
    }
    const rank = (view: View) => (view.state?.status === 'closed' ? '0' : '1') + (view.state?.since ?? '')
    const best = found.sort((a, b) => rank(a).localeCompare(rank(b))).at(-1)
    if (best && best !== this.current) {
      this.current = best
      best.changed()
    }
  }

  /** Takes in what an ack says of a conversation. */
  acked(ack: Ack): void {
    if (!ack.conversation) return
    const view = this.view(ack.conversation)
    view.acked(ack)
    if (ack.action === 'send' && this.self?.startsWith('con_')) this.#becomesCurrent(view)
  }

  /** Takes in what was pushed about a conversation; whatever it is not for is the caller's. */
  frame(frame: ServerFrame): void {
    if (frame.type === 'entry') this.view(frame.entry.conversation).take([frame.entry])
    else if (frame.type === 'typing') this.view(frame.conversation).typist(frame.by, frame.on)
    else if (frame.type === 'receipt') this.view(frame.conversation).receipt(frame.by, frame.seq)
    else if (frame.type === 'position') this.view(frame.conversation).waits(frame.position)
    else if (frame.type === 'delta') this.view(frame.conversation).delta(frame)
  }

  added(entry: EntryView, view: View): void {
    if ('type' in entry) {
      const self = this.self
      if ('client_id' in entry && entry.by.id === self) this.#around.outbox.settle(entry.client_id)
      const mine = entry.by.kind === 'visitor' && self?.startsWith('con_')
      const { inbox } = this.#around.options
      if (entry.type === 'opened' && mine && (inbox ?? entry.inbox) === entry.inbox)
        this.#becomesCurrent(view)
    }
    this.emitter.emit('entry', entry, view)
  }

  /** The present socket may follow it no longer. */
  followAgain(id: string): void {
    this.#followed.delete(id)
    const view = this.view(id)
    if (view.opened) void this.follow(view).catch(() => {})
  }

  #becomesCurrent(view: View): void {
    if (this.current === view) return
    this.current = view
    this.#followed.add(view.id)
    view.changed()
  }

  /** All that was missed is read; `undefined` where the item's entry is in it. */
  async catchUp({ clientId, frame }: Item): Promise<OutboxFrame | undefined> {
    if (!frame.conversation && !this.current) await this.#choose(await this.#hello([]))
    const conversation = frame.conversation ?? this.current?.id
    if (!conversation) return frame
    let after = frame.after ?? 0
    for (let more = true; more; ) {
      const ack = await this.request({ action: 'sync', conversation, after })
      this.acked(ack)
      const entries = ack.entries ?? []
      const own = (entry: EntryView) =>
        'client_id' in entry && entry.client_id === clientId && entry.by.id === this.self
      if (entries.some(own)) return undefined
      more = ack.more === true && entries.length > 0
      after = entries.at(-1)?.seq ?? after
    }
    return { ...frame, conversation, after }
  }

  /** Whether what is shown is all there is: a push may have been lost, and nothing came after it. */
  recheck(): void {
    for (const view of this.views.values()) {
      if (view.opened || view === this.current) void view.fill().catch(() => {})
    }
  }
}

async function inboxOf(view: Conversation): Promise<string | undefined> {
  const [first] = await view.page(0, 1)
  return first && 'type' in first && first.type === 'opened' ? first.inbox : undefined
}
