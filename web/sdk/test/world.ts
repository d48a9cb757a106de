/** A server, a network that does what networks do, and browsers with tabs. All of it by one clock and one seed. */

import { IDBFactory } from 'fake-indexeddb'
import { type ActionFrame, claimsOf, Deskwire, type Options, type ServerFrame } from '../src'
import type { PageNews, Platform, Socket } from '../src/platform'
import { FakeChannels, FakeLocks } from './browser'
import { chance } from './chance'
import { Clock } from './clock'
import { AGENT, type Peer, Refused, Server } from './server'

/** How often what goes wrong, from 0 to 1. */
export interface Weather {
  dropPush: number
  dropAck: number
  dropFrame: number
  twice: number
  refuse: number
  /** Seconds of the longest delay: pushes overtake each other. */
  delay: number
}

/** Nothing goes wrong. */
export const CALM: Weather = { dropPush: 0, dropAck: 0, dropFrame: 0, twice: 0, refuse: 0, delay: 0.01 }
/** Everything does. */
export const STORM: Weather = {
  dropPush: 0.2,
  dropAck: 0.1,
  dropFrame: 0.1,
  twice: 0.2,
  refuse: 0.15,
  delay: 2,
}

const OPEN = 1
const CLOSED = 3

/** What is kept by one browser, over reloads. */
export class Profile {
  readonly kept = new Map<string, string>()
  readonly indexedDB = new IDBFactory()
  readonly locks: FakeLocks
  readonly channels: FakeChannels
  /** Pages that hear what the browser has to tell. */
  readonly ears = new Map<Tab, (news: PageNews) => void>()

  constructor(clock: Clock) {
    this.locks = new FakeLocks()
    this.channels = new FakeChannels(clock)
  }
}

/** A page that is open. */
export class Tab {
  readonly desk: Deskwire
  readonly sockets = new Set<FakeSocket>()
  /** It is gone, and with it all of its timers. */
  closed = false
  /** `client_id`s whose ack has reached it. */
  readonly acked = new Set<string>()
  /** Entries that it told of, by conversation. */
  readonly told = new Map<string, number[]>()

  constructor(
    world: World,
    readonly who: 'visitor' | 'agent',
    readonly profile: Profile,
    options: Partial<Options>,
  ) {
    const credentials: Options['credentials'] =
      who === 'agent' ? { kind: 'company', token: async () => 'jwt', scope: 'agent' } : { kind: 'anonymous' }
    const all = { url: 'https://desk.example', account: 'acc_1', credentials, ...options }
    this.desk = new Deskwire(all, world.platform(this))
    this.desk.on('entry', ({ conversation, seq }) => {
      const seqs = this.told.get(conversation) ?? []
      const last = seqs.at(-1)
      if (last !== undefined && seq !== last + 1)
        world.faults.push(`${conversation}: told ${seq} after ${last}`)
      this.told.set(conversation, [...seqs, seq])
    })
  }

  /** Closes the page, as a crash would. */
  close(): void {
    this.closed = true
    for (const socket of this.sockets) socket.cut()
    this.profile.locks.gone(this)
    this.profile.channels.gone(this)
    this.profile.ears.delete(this)
  }
}

/** All there is. */
export class World {
  readonly clock = new Clock()
  readonly server = new Server()
  readonly sockets = new Set<FakeSocket>()
  readonly random: () => number
  weather: Weather = CALM
  /** Whether the server can be reached. */
  up = true
  /** Frames that came in, for whoever counts. */
  readonly frames: { who: string; frame: ActionFrame }[] = []
  /** What everything that is said is refused with. */
  refusal: string | undefined
  /** The company's tokens are refused. */
  refusesSignOn = false
  /** Sockets that were opened. */
  opened = 0
  /** Something that must never happen. */
  readonly faults: string[] = []

  constructor(seed: number) {
    this.random = chance(seed)
  }

  /** Opens a page. */
  tab(who: 'visitor' | 'agent', profile = new Profile(this.clock), options: Partial<Options> = {}): Tab {
    return new Tab(this, who, profile, options)
  }

  /** The server goes away and comes back: everybody is cut at once. */
  restart(seconds: number, told: boolean): void {
    this.up = false
    for (const socket of [...this.sockets]) {
      if (told) socket.deliver({ type: 'reconnect', within_seconds: 5 })
      socket.end(told ? 1012 : 1006)
    }
    this.clock.after(seconds, () => {
      this.up = true
    })
  }

  /** What a page has around it. */
  platform(tab: Tab): Platform {
    const { clock, random } = this
    const { profile } = tab
    return {
      fetch: (url, init) => this.#fetch(new URL(url), init, tab),
      socket: (url) => new FakeSocket(this, tab, new URL(url).searchParams.get('ticket') ?? ''),
      now: () => clock.now,
      after: (seconds, then) =>
        clock.after(seconds, () => {
          if (!tab.closed) then()
        }),
      random,
      uuid: () => `id${Math.floor(random() * 2 ** 48).toString(36)}`,
      kept: (key) => profile.kept.get(key),
      keep: (key, value) => {
        if (value === undefined) profile.kept.delete(key)
        else profile.kept.set(key, value)
        for (const [other, hear] of profile.ears) if (other !== tab) clock.after(0.001, () => hear('stored'))
      },
      indexedDB: profile.indexedDB,
      locks: profile.locks.of(tab),
      channel: (name) => profile.channels.open(name, tab),
      visible: () => true,
      networked: () => true,
      listen: (hear) => {
        profile.ears.set(tab, hear)
        return () => profile.ears.delete(tab)
      },
    }
  }

  async #fetch(url: URL, init: RequestInit, tab: Tab): Promise<Response> {
    await new Promise<void>((resolve) => this.clock.after(this.random() * this.weather.delay, resolve))
    // A page that is gone waits for nothing.
    if (tab.closed) return new Promise(() => {})
    if (!this.up) throw new TypeError('no route')
    const body = typeof init.body === 'string' ? (JSON.parse(init.body) as Record<string, string>) : {}
    const who = new Headers(init.headers).get('authorization')?.replace('Bearer ', '') ?? ''
    if (this.refusesSignOn && url.pathname === '/v1/token') {
      const problem = { code: 'sign_on_refused', title: 'The company’s token was not accepted.', status: 401 }
      return {
        ok: false,
        status: 401,
        headers: new Headers(),
        text: async () => JSON.stringify(problem),
      } as Response
    }
    const answer = this.#route(url, body, who)
    const text = JSON.stringify(answer)
    return { ok: true, status: 200, headers: new Headers(), text: async () => text } as Response
  }

  #subject(body: Record<string, string>): string | undefined {
    if (body.scope === 'agent') return AGENT
    if (body.subject_token) return `con_${claimsOf(body.subject_token).sub}`
    return body.refresh_token ?? this.server.contact()
  }

  #route(url: URL, body: Record<string, string>, who: string): unknown {
    if (url.pathname === '/v1/token') {
      const subject = this.#subject(body)
      return { access_token: subject, refresh_token: subject, subject, expires_in: 3600 }
    }
    if (url.pathname === '/v1/tickets')
      return { ticket: who, url: `wss://desk.example/?ticket=${who}`, expires_in: 60 }
    const [, conversation] = /conversations\/(.*)\/entries$/.exec(url.pathname) ?? []
    const entries = this.server.logs.get(conversation ?? '')?.entries ?? []
    const limit = Number(url.searchParams.get('limit') ?? 50)
    const before = Number(url.searchParams.get('before') ?? entries.length + 1)
    const after = url.searchParams.get('after')
    const page =
      after === null
        ? entries.slice(Math.max(0, before - 1 - limit), before - 1)
        : entries.slice(+after, +after + limit)
    return { data: page.map((entry) => this.server.seen(who, entry)), head: entries.length, more: false }
  }
}

/** A socket on a network that loses, repeats and delays. */
export class FakeSocket implements Socket, Peer {
  readyState = 0
  onopen: Socket['onopen'] = null
  onmessage: Socket['onmessage'] = null
  onclose: Socket['onclose'] = null
  onerror: Socket['onerror'] = null
  /** It looks open, and nothing goes through. */
  deaf = false
  readonly who: string
  readonly #world: World
  readonly #tab: Tab

  constructor(world: World, tab: Tab, ticket: string) {
    this.#world = world
    this.#tab = tab
    this.who = ticket
    world.clock.after(world.random() * 0.05, () => {
      if (!world.up || tab.closed) return this.end(1006)
      if (this.readyState !== 0) return
      this.readyState = OPEN
      world.opened += 1
      world.sockets.add(this)
      world.server.peers.add(this)
      tab.sockets.add(this)
      this.onopen?.({} as Event)
    })
  }

  send(data: string): void {
    const { clock, weather, random } = this.#world
    if (this.readyState !== OPEN) throw new Error('not open')
    const { ref, ...frame } = JSON.parse(data) as ActionFrame & { ref: string }
    if ('client_id' in frame && this.#tab.acked.has(frame.client_id)) {
      this.#world.faults.push(`${frame.client_id} was sent again after its ack`)
    }
    if (random() < weather.dropFrame) return
    clock.after(random() * 0.05, () => this.#arrive(ref, frame as ActionFrame))
  }

  close(): void {
    this.cut()
  }

  /** The client's side is gone; the server notices at once. */
  cut(): void {
    this.readyState = CLOSED
    this.#leave()
  }

  /** The connection ends, and the client is told. */
  end(code: number): void {
    if (this.readyState === CLOSED) return
    this.cut()
    this.onclose?.({ code } as CloseEvent)
  }

  push(frame: ServerFrame): void {
    const { weather, random } = this.#world
    if (random() < weather.dropPush) return
    this.#deliverLater(frame)
    if (random() < weather.twice) this.#deliverLater(frame)
  }

  /** Brings a frame to the client. */
  deliver(frame: ServerFrame): void {
    if (this.readyState !== OPEN || this.deaf || this.#tab.closed) return
    if (frame.type === 'ack' && frame.client_id) this.#tab.acked.add(frame.client_id)
    this.onmessage?.({ data: JSON.stringify(frame) } as MessageEvent)
  }

  #arrive(ref: string, frame: ActionFrame): void {
    const { server, weather, random, frames } = this.#world
    if (this.readyState !== OPEN || this.deaf) return
    frames.push({ who: this.who, frame })
    let answer: ServerFrame
    try {
      const { refusal } = this.#world
      if (refusal && 'client_id' in frame)
        throw new Refused(refusal, refusal === 'rate_limited' ? 1 : undefined)
      if (random() < weather.refuse) throw new Refused(random() < 0.5 ? 'rate_limited' : 'busy', 1)
      answer = { type: 'ack', ref, ...server.answer(this, frame) }
    } catch (refusal) {
      const { code, retryAfter } = refusal as Refused
      answer = { type: 'error', ref, code, message: code, retry_after: retryAfter ?? null } as ServerFrame
    }
    if (random() >= weather.dropAck) this.#deliverLater(answer)
  }

  #deliverLater(frame: ServerFrame): void {
    const { clock, weather, random } = this.#world
    clock.after(random() * weather.delay, () => this.deliver(frame))
  }

  #leave(): void {
    this.#world.sockets.delete(this)
    this.#tab.sockets.delete(this)
    this.#world.server.peers.delete(this)
    this.#world.server.gone(this)
  }
}
