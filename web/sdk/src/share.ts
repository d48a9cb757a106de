/**
 * One socket for all tabs: whoever holds a lock (Web Locks) has the socket, the others go through it by BroadcastChannel.
 * When the holder goes, the browser gives the lock to the next; one that is there but frozen is passed over.
 */

import type { Link } from './link'
import type { Channel, Locks, Platform } from './platform'
import { Problem, type ProblemData } from './problem'
import type { Ack, ActionFrame, Connection, ServerFrame } from './types'
import type { Wire, WireListener } from './wire'

/** Seconds in which the tab with the socket must say that it has heard: it is frozen otherwise. */
const HEARD_SECONDS = 3

/** Seconds that an answer may take: a little longer than that tab itself waits. */
const ANSWER_SECONDS = 35

/** What a person is told whose tab had no socket of its own. */
const GONE = 'The tab that had the connection is gone.'

type Message<N> = { from: string } & (
  | { t: 'ask' }
  | {
      t: 'moved'
      connection: Omit<Connection, 'problem'>
      problem: ProblemData | undefined
      up: string | undefined
    }
  | { t: 'call'; id: string; what: Asked }
  | { t: 'fail'; problem: ProblemData }
  | { t: 'heard'; to: string; id: string }
  | { t: 'answer'; to?: string; id?: string; ack?: Ack; problem?: ProblemData }
  | { t: 'frame'; frame: ServerFrame }
  | { t: 'news'; news: N }
)
/** What another tab may ask of the one that has the socket, beside frames. */
type Errand = 'start' | 'hurry' | 'check'
type Asked = ActionFrame | { errand: Errand; sure: boolean }
type Bare<M> = M extends unknown ? Omit<M, 'from'> : never

interface Call {
  done(ack: Ack): void
  fail(problem: Problem): void
  heard: () => void
  forget: () => void
}

/** How a shared wire is set up. */
export interface Sharing<N> {
  platform: Platform
  locks: Locks
  channel: (name: string) => Channel
  /** What those who share have in common; may fail for lack of a network. */
  name: () => Promise<string>
  link: (listener: WireListener) => Link
  listener: WireListener
  /** Whether this tab has the socket. */
  leads: (leads: boolean) => void
  /** Another tab has news. */
  heard: (news: N) => void
  /** Hears what a tab asks for over a connection; whether another still needs what it puts an end to. */
  needed: (tab: string, frame: ActionFrame, up: string | undefined) => boolean
}

/** A wire that tabs share. */
export class Shared<N> implements Wire {
  readonly #set: Sharing<N>
  readonly #me: string
  readonly #calls = new Map<string, Call>()
  #channel: Channel | undefined
  #name = ''
  #link: Link | undefined
  #release = () => {}
  /** Ends the joining that is under way. */
  #joining = new AbortController()
  /** Ends the waiting for the lock. */
  #queued = new AbortController()
  /** Nobody knows yet with whom to share. */
  #alone = false
  #leader = ''
  #up: string | undefined
  #ups = 0
  #connection: Connection = { state: 'idle' }
  #asked = 0

  constructor(sharing: Sharing<N>) {
    this.#set = sharing
    this.#me = sharing.platform.uuid()
  }

  start(): void {
    if (this.#connection.state === 'idle') void this.#join()
    else this.#errand('start', false)
  }

  stop(): void {
    this.#joining.abort()
    this.#queued.abort()
    this.#stepDown()
    this.#channel?.close()
    this.#channel = undefined
    this.#giveUp('stopped')
    this.#moved({ state: 'idle' }, undefined)
  }

  hurry(): void {
    this.#errand('hurry', false)
  }

  check(sure: boolean): void {
    this.#errand('check', sure)
  }

  fail(problem: unknown): void {
    if (this.#link) this.#link.fail(problem)
    else this.#post({ t: 'fail', problem: Problem.of(problem).toJSON() })
  }

  async request(frame: ActionFrame): Promise<Ack> {
    if (!this.#link) return this.#call(frame)
    const ack = await this.#forward(this.#me, frame)
    if (worthTelling(ack)) this.#post({ t: 'answer', ack })
    return ack
  }

  /** Tells the other tabs. */
  tell(news: N): void {
    this.#post({ t: 'news', news })
  }

  /** By the tab that has the socket. */
  #errand(what: Errand, sure: boolean): void {
    if (this.#link) this.#link[what](sure)
    else if (this.#channel) this.#call({ errand: what, sure }).catch(() => {})
  }

  async #join(): Promise<void> {
    this.#joining = new AbortController()
    const { signal } = this.#joining
    this.#alone = false
    this.#moved({ state: 'connecting' }, undefined)
    try {
      this.#name = await this.#set.name()
    } catch {
      if (signal.aborted) return
      // A socket of its own, which tries until that is known.
      this.#alone = true
      this.#lead()
      return
    }
    if (signal.aborted) return
    this.#channel = this.#set.channel(this.#name)
    this.#channel.onmessage = ({ data }) => this.#hear(data as Message<N>)
    this.#post({ t: 'ask' })
    this.#queue(false)
  }

  /** Waits for the lock, or takes it from a holder that does not answer. */
  #queue(steal: boolean): void {
    this.#queued.abort()
    const queued = new AbortController()
    this.#queued = queued
    const { signal } = queued
    let had = false
    const held = () =>
      new Promise<void>((release) => {
        if (signal.aborted) return release()
        had = true
        this.#release = release
        this.#lead()
      })
    // Who takes a lock does not wait for it: the API knows no signal then.
    this.#set.locks.request(this.#name, steal ? { steal } : { signal }, held).catch(() => {
      if (signal.aborted) return
      // Locks are forbidden here (a page in a sandbox): a socket of its own.
      if (!had) {
        this.#lead()
        return
      }
      // Another tab took it, because this one was frozen.
      this.#stepDown()
      this.#moved({ state: 'connecting' }, undefined)
      this.#post({ t: 'ask' })
      this.#queue(false)
    })
  }

  #lead(): void {
    if (this.#link) return
    this.#giveUp('connection_lost')
    this.#leader = this.#me
    this.#link = this.#set.link({
      moved: (connection, up) => this.#linkMoved(connection, up),
      frame: (frame) => {
        this.#post({ t: 'frame', frame })
        this.#set.listener.frame(frame)
      },
      overheard: (ack) => this.#set.listener.overheard(ack),
    })
    this.#set.leads(true)
    this.#link.start()
  }

  #stepDown(): void {
    const link = this.#link
    this.#link = undefined
    this.#release()
    this.#release = () => {}
    if (!link) return
    link.stop()
    this.#set.leads(false)
  }

  #linkMoved(connection: Connection, up: number | undefined): void {
    if (!this.#link) return
    if (up !== undefined && this.#alone) {
      this.#stepDown()
      void this.#join()
      return
    }
    this.#moved(connection, up === undefined ? undefined : `${this.#me}:${up}`)
    this.#announce()
  }

  #announce(): void {
    const { problem, ...connection } = this.#connection
    this.#post({ t: 'moved', connection, problem: problem?.toJSON(), up: this.#up })
  }

  #moved(connection: Connection, up: string | undefined): void {
    this.#connection = connection
    this.#up = up
    if (up !== undefined) this.#ups += 1
    this.#set.listener.moved(connection, up === undefined ? undefined : this.#ups)
  }

  /** Through the tab that has the socket. */
  #call(what: Asked): Promise<Ack> {
    const { platform } = this.#set
    const id = String(++this.#asked)
    return new Promise((done, fail) => {
      const lost = () => {
        this.#calls.delete(id)
        fail(Problem.local('connection_lost', GONE))
      }
      const frozen = () => {
        lost()
        if (this.#channel && !this.#link) this.#queue(true)
      }
      const heard = platform.after(HEARD_SECONDS, frozen)
      this.#calls.set(id, { done, fail, heard, forget: platform.after(ANSWER_SECONDS, lost) })
      this.#post({ t: 'call', id, what })
    })
  }

  #hear(message: Message<N>): void {
    const call = message.t === 'heard' && message.to === this.#me ? this.#calls.get(message.id) : undefined
    call?.heard()
    if (message.t === 'answer') this.#answered(message)
    else if (message.t === 'news') this.#set.heard(message.news)
    else if (this.#link) this.#hearAsLeader(message)
    else if (message.t === 'moved') this.#leaderMoved(message)
    else if (message.t === 'frame') this.#set.listener.frame(message.frame)
  }

  #hearAsLeader(message: Message<N>): void {
    if (message.t === 'ask') this.#announce()
    else if (message.t === 'call') void this.#serve(message.from, message.id, message.what)
    else if (message.t === 'fail') this.#link?.fail(new Problem(message.problem))
  }

  #leaderMoved(message: Extract<Message<N>, { t: 'moved' }>): void {
    if (this.#leader !== message.from) this.#giveUp('connection_lost')
    this.#leader = message.from
    // The same connection as before: it was another tab that asked.
    if (message.up !== undefined && message.up === this.#up) return
    const problem = message.problem && new Problem(message.problem)
    this.#moved({ ...message.connection, ...(problem && { problem }) }, message.up)
  }

  async #serve(to: string, id: string, what: Asked): Promise<void> {
    this.#post({ t: 'heard', to, id })
    try {
      const ack = await this.#forward(to, what)
      this.#post({ t: 'answer', to, id, ack })
      if (worthTelling(ack)) this.#set.listener.overheard(ack)
    } catch (thrown) {
      this.#post({ t: 'answer', to, id, problem: Problem.of(thrown).toJSON() })
    }
  }

  #answered({ to, id, ack, problem }: Extract<Message<N>, { t: 'answer' }>): void {
    if (to !== this.#me) {
      if (ack && worthTelling(ack) && !this.#link) this.#set.listener.overheard(ack)
      return
    }
    const call = this.#calls.get(id ?? '')
    if (!call) return
    this.#calls.delete(id ?? '')
    call.heard()
    call.forget()
    if (ack) call.done(ack)
    else call.fail(new Problem(problem ?? { code: 'connection_lost', message: GONE }))
  }

  /** To the socket, unless another tab still needs what this one no longer does. */
  async #forward(tab: string, frame: Asked): Promise<Ack> {
    const link = this.#link
    if (!link) throw Problem.notConnected()
    if ('errand' in frame) {
      link[frame.errand](frame.sure)
      // Whoever slept may have missed how it stands.
      this.#announce()
      return { action: frame.errand }
    }
    if (this.#set.needed(tab, frame, this.#up)) return { action: frame.action }
    return link.request(frame)
  }

  #giveUp(code: 'connection_lost' | 'stopped'): void {
    const calls = [...this.#calls.values()]
    this.#calls.clear()
    for (const call of calls) {
      call.heard()
      call.forget()
      call.fail(Problem.local(code, GONE))
    }
  }

  #post(message: Bare<Message<N>>): void {
    this.#channel?.postMessage({ ...message, from: this.#me })
  }
}

/** Whether an ack says something that is not pushed to the connection that asked for it. */
function worthTelling(ack: Ack): boolean {
  return ack.conversation !== undefined && ack.conversation !== null && ack.action !== 'sync'
}
