/** What a {@link Deskwire} consists of, and how its parts are wired together. */

import type { Cause } from './backoff'
import { Conversations, type Surroundings } from './conversations'
import { Emitter } from './emitter'
import { Http } from './http'
import { checkFrame } from './limits'
import { Link } from './link'
import { type Carrier, Outbox, type OutboxNews } from './outbox'
import { DurableStore, type Item, MemoryStore } from './outbox-store'
import type { PageNews, Platform } from './platform'
import { Session } from './session'
import { Shared, type Sharing } from './share'
import { Signals } from './signals'
import type {
  Ack,
  ActionFrame,
  Author,
  Connection,
  Events,
  Options,
  OutboxFrame,
  Pending,
  ServerFrame,
  Welcome,
} from './types'
import type { Wire, WireListener } from './wire'

/** Seconds between a visitor's signs of life while nobody waits for anything: API Gateway closes after 600. */
const IDLE_PING_SECONDS = 240

/** The same while somebody looks at a live conversation: a dead socket must show before they lose patience. */
const LIVE_PING_SECONDS = 45

/** Seconds between two looks whether a push was lost that nothing came after. */
const RECHECK_SECONDS = 240

/** What tabs tell each other. */
type News = { outbox: OutboxNews } | { signedOut: true }

/** The parts of one client. */
export class Core implements Surroundings, Carrier {
  connection: Connection = { state: 'idle' }
  me: Author | undefined
  welcome: Welcome | undefined
  readonly platform: Platform
  readonly emitter = new Emitter<Events>()
  readonly http: Http
  readonly session: Session
  readonly conversations: Conversations
  readonly outbox: Outbox
  readonly signals: Signals
  /** Takes what was pushed and is not about a conversation. */
  other: (frame: ServerFrame) => void = () => {}
  readonly options: Options
  /** Whether another tab still needs what this one puts an end to. */
  needed: Sharing<News>['needed'] = () => false
  readonly #wire: Wire
  #link: Link | undefined
  /** Tells the other tabs, where there are any. */
  #tell: (news: News) => void = () => {}
  /** Asleep: nobody has used it yet, and nothing is known of whoever might. */
  #state: 'stopped' | 'asleep' | 'started' = 'stopped'
  #up: number | undefined
  /** Whether this tab sends what is to be sent. */
  #leads = false
  #deaf = () => {}
  #recheck = () => {}

  constructor(options: Options, platform: Platform) {
    this.options = options
    this.platform = platform
    this.http = new Http(platform, options.url)
    this.session = new Session(platform, this.http, options)
    this.http.authenticate(this.session)
    this.session.onToken = ({ subject, expires }) => {
      this.met({ kind: subject.startsWith('agt_') ? 'agent' : 'visitor', id: subject })
      this.emitter.emit('token', { subject, expires })
      // Whoever asked for it uses it.
      if (this.#state === 'asleep') this.use()
    }
    this.conversations = new Conversations(this)
    this.signals = new Signals(platform, (frame) => this.request(frame).then((ack) => this.acked(ack)))
    this.outbox = this.#makeOutbox()
    this.#wire = this.#makeWire()
  }

  start(): void {
    if (this.#state === 'started') {
      this.#wire.start()
      return
    }
    if (this.#state === 'stopped') this.#deaf = this.platform.listen((news) => this.#hear(news))
    this.#state = 'asleep'
    this.session.begin()
    void this.#load().then(() => {
      const lazy = this.options.lazy ?? this.options.credentials.kind === 'anonymous'
      if (!lazy || this.session.known || this.outbox.pending.length > 0) this.use()
    })
  }

  stop(): void {
    this.#state = 'stopped'
    this.#deaf()
    this.#recheck()
    this.#wire.stop()
  }

  async signOut(): Promise<void> {
    this.#tell({ signedOut: true })
    await this.#forget(false)
  }

  /** Somebody uses it: it wakes up, or tries at once. */
  use(): void {
    if (this.#state === 'started') this.#wire.hurry()
    if (this.#state !== 'asleep') return
    this.#state = 'started'
    this.#recheckLater()
    this.#wire.start()
  }

  /** Keeps it, then sends it. */
  async post(frame: OutboxFrame): Promise<Pending> {
    checkFrame(frame)
    this.session.check()
    const pending = await this.outbox.add(frame, this.self ?? this.session.hint)
    this.use()
    return pending
  }

  acked(ack: Ack): void {
    this.conversations.acked(ack)
    if (ack.presence) this.emitter.emit('presence', ack.presence)
  }

  request(frame: ActionFrame): Promise<Ack> {
    return this.#wire.request(frame)
  }

  fail(problem: unknown): void {
    this.#wire.fail(problem)
  }

  get isOnline(): boolean {
    return this.connection.state === 'online'
  }

  get self(): string | undefined {
    return this.me?.id ?? undefined
  }

  met(me: Author): void {
    if (me.id !== this.me?.id) this.me = me
  }

  #makeOutbox(): Outbox {
    const { url, account, credentials, storage } = this.options
    const name = `deskwire:${url}:${account}:${credentials.kind}`
    const { indexedDB } = this.platform
    const store =
      indexedDB && storage !== 'memory' ? new DurableStore(indexedDB, this.platform, name) : new MemoryStore()
    const outbox = new Outbox(this.platform, store, this)
    outbox.onChange = (pending, what) => {
      this.emitter.emit('pending', pending, what)
      const { views, current } = this.conversations
      const view = pending.conversation ? views.get(pending.conversation) : current
      view?.changed()
    }
    outbox.tell = (news) => this.#tell({ outbox: news })
    return outbox
  }

  #makeWire(): Wire {
    const { locks, channel } = this.platform
    const { url, account, credentials, storage, share } = this.options
    const listener: WireListener = {
      moved: (connection, up) => this.#moved(connection, up),
      frame: (frame) => {
        this.conversations.frame(frame)
        this.other(frame)
      },
      overheard: (ack) => this.acked(ack),
    }
    const link = (heard: WireListener) => {
      const made = new Link(this.platform, this.http, this.session, heard)
      made.pingSeconds = () => this.#pingSeconds()
      made.patience = () => this.#patience()
      this.#link = made
      return made
    }
    if (share === false || storage === 'memory' || !locks || !channel) {
      this.#leads = true
      return link(listener)
    }
    const shared = new Shared<News>({
      platform: this.platform,
      locks,
      channel,
      // Visitors without a name share an identity by sharing storage; others must be told apart.
      name: async () => {
        const subject = credentials.kind === 'anonymous' ? 'visitor' : (await this.session.get()).subject
        return `deskwire:${url}:${account}:${subject}`
      },
      link,
      listener,
      leads: (leads) => {
        this.#leads = leads
        this.#send()
      },
      heard: (news) => {
        if ('outbox' in news) this.outbox.heard(news.outbox)
        else void this.#forget(true)
      },
      needed: (...asked) => this.needed(...asked),
    })
    this.#tell = (news) => shared.tell(news)
    return shared
  }

  /** What was kept, as far as it is this person's. */
  #load(): Promise<void> {
    // What was written by nobody yet is the next visitor's, but not of people whom a company tells apart.
    const nobodys = this.options.credentials.kind === 'anonymous'
    const mine = ({ subject }: Item) =>
      subject === undefined ? nobodys : subject === this.self || subject === this.session.hint
    return this.outbox.load(mine)
  }

  /** All at once, for the page may be left the next moment; only what is stored takes a while. */
  #forget(heard: boolean): Promise<void> {
    this.stop()
    this.session.forget(heard)
    this.conversations.forget()
    this.me = this.welcome = undefined
    const cleared = this.outbox.clear()
    this.emitter.emit('signedOut')
    return cleared
  }

  #moved(connection: Connection, up: number | undefined): void {
    this.#up = up
    if (connection !== this.connection) this.#become(connection)
    if (up !== undefined) void this.#greet(up)
  }

  /** Everything on a new connection begins here. */
  async #greet(up: number): Promise<void> {
    try {
      const welcome = await this.conversations.greet()
      await this.#load()
      if (this.#up !== up) return
      this.welcome = welcome
      this.#become({ state: 'online' })
      if (!this.#leads) this.outbox.offer()
      this.#link?.paceChanged()
      this.conversations.reopen()
    } catch (problem) {
      if (this.#up === up) this.fail(problem)
    }
  }

  #become(connection: Connection): void {
    this.connection = connection
    this.signals.online = this.isOnline
    this.#send()
    this.emitter.emit('connection', connection)
  }

  #send(): void {
    this.outbox.active = this.#leads && this.isOnline
  }

  #hear(news: PageNews): void {
    if (news === 'stored') {
      // Another tab has made an identity: there is something to show here now.
      if (this.#state === 'asleep' && this.session.known) this.use()
    } else if (this.#state === 'started') {
      this.#wire.check(news !== 'visible')
      this.#link?.paceChanged()
    }
  }

  /** An agent's lease needs its pings; a visitor only keeps the socket. */
  #pingSeconds(): number {
    if (this.me?.kind !== 'visitor') return this.welcome?.ping_seconds ?? 0
    const { current } = this.conversations
    const live = current?.state !== undefined && current.state.status !== 'closed'
    return live && this.platform.visible() ? LIVE_PING_SECONDS : IDLE_PING_SECONDS
  }

  /** Somebody whose message waits has no patience, and an agent little. */
  #patience(): Cause {
    if (this.outbox.pending.some(({ status }) => status !== 'refused')) return 'oneself'
    return this.me?.kind === 'agent' ? 'staff' : 'everybody'
  }

  #recheckLater(): void {
    this.#recheck = this.platform.after(RECHECK_SECONDS, () => {
      if (this.isOnline) this.conversations.recheck()
      this.#recheckLater()
    })
  }
}
