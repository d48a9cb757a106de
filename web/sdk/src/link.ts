/** The socket: opened with a ticket, kept alive, found dead where it is, and opened again. */

import { type Cause, pauseSeconds } from './backoff'
import type { Http } from './http'
import type { Platform, Socket } from './platform'
import { Problem } from './problem'
import type { Session } from './session'
import type { Ack, ActionFrame, Connection, Schemas, ServerFrame } from './types'
import type { Wire, WireListener } from './wire'

/** Seconds that a socket may take to open: a mobile network that takes longer is not there. */
const OPEN_SECONDS = 15

/** Seconds without a word from the server, while an answer is due, until the socket counts as dead. */
const SILENT_SECONDS = 15

/** The same after the page slept or the network changed: the socket is probably dead then. */
const DOUBTED_SECONDS = 4

/** Seconds after a word from the server in which nobody doubts that it is there. */
const FRESH_SECONDS = 3

/** Seconds that one answer may take: API Gateway gives up after 29. */
const REQUEST_SECONDS = 30

/** Seconds that a connection must last to be called good: one that is cut at once counts as a failed attempt. */
const STEADY_SECONDS = 10

/** Least seconds between two attempts that somebody is in a hurry for: who types fast must not stampede. */
const HURRY_SECONDS = 5

/** Seconds between two looks at the clock. One that comes much too late means that the machine slept. */
const TICK_SECONDS = 10

/** Seconds before its token's end at which a connection is made anew, of which a random part is taken. */
const RENEW_SECONDS = 120

/** WebSocket's close codes that are about this connection alone: closed by the server, and API Gateway's limits. */
const OWN_CODES = new Set([1000, 1001, 1008, 1009])

/** A close code of our own (RFC 6455 §7.4.2): given up. */
const GIVEN_UP = 4000

/** What a person is told. */
const SILENCE = 'The server does not answer.'
const CUT = 'The connection was cut.'

/** WebSocket's `OPEN`. */
const OPEN = 1

interface Waiting {
  done(ack: Ack): void
  fail(problem: Problem): void
  forget: () => void
}

/** A socket of one's own. */
export class Link implements Wire {
  readonly #platform: Platform
  readonly #http: Http
  readonly #session: Session
  readonly #listener: WireListener
  readonly #waiting = new Map<string, Waiting>()
  /** Seconds between two signs of life; 0 for none. */
  pingSeconds: () => number = () => 0
  /** How patient to be where a cut may have hit everybody: those for whom somebody waits are few. */
  patience: () => Cause = () => 'everybody'
  #connection: Connection = { state: 'idle' }
  #socket: Socket | undefined
  #ups = 0
  #asked = 0
  #cause: Cause = 'oneself'
  #failures = 0
  #upSince = 0
  #dueAt = 0
  #heardAt = 0
  #lastHurry = 0
  /** Each attempt has its number; what an older one brings is of no interest. */
  #attempt = 0
  #deadline = () => {}
  #ping = () => {}
  #next = () => {}
  #renew = () => {}
  #tick = () => {}
  /** The server said when to come back: nobody is in a hurry then. */
  #told = false

  constructor(platform: Platform, http: Http, session: Session, listener: WireListener) {
    this.#platform = platform
    this.#http = http
    this.#session = session
    this.#listener = listener
  }

  start(): void {
    const { state } = this.#connection
    if (state === 'idle') this.#watchClock()
    if (state === 'idle' || state === 'refused' || this.#waits) void this.#connect()
  }

  stop(): void {
    this.#drop(Problem.local('stopped', CUT))
    this.#tick()
    this.#told = false
    this.#move({ state: 'idle' })
  }

  hurry(): void {
    const now = this.#platform.now()
    if (!this.#waits || now - this.#lastHurry < HURRY_SECONDS * 1000) return
    this.#lastHurry = now
    void this.#connect()
  }

  check(sure: boolean): void {
    if (this.#socket?.readyState === OPEN) {
      if (sure || this.#platform.now() - this.#heardAt > FRESH_SECONDS * 1000) this.#alive(DOUBTED_SECONDS)
    } else if (this.#waits && this.#platform.networked()) void this.#connect()
  }

  fail(thrown: unknown): void {
    const problem = Problem.of(thrown)
    if (problem.tokenEnded) this.#session.renew()
    this.#lost('oneself', problem)
  }

  /** Whether it waits for an attempt that may as well be made now. */
  get #waits(): boolean {
    const { state } = this.#connection
    return (state === 'waiting' || state === 'offline') && !this.#told
  }

  request(frame: ActionFrame): Promise<Ack> {
    const socket = this.#socket
    if (socket?.readyState !== OPEN) return Promise.reject(Problem.notConnected())
    const ref = String(++this.#asked)
    return new Promise((done, fail) => {
      const late = () => this.#settle(ref)?.fail(lost(SILENCE))
      this.#waiting.set(ref, { done, fail, forget: this.#platform.after(REQUEST_SECONDS, late) })
      socket.send(JSON.stringify({ ...frame, ref }))
      this.#expectWord(SILENT_SECONDS)
    })
  }

  async #connect(): Promise<void> {
    this.#drop(lost(CUT))
    const attempt = this.#attempt
    this.#told = false
    this.#move({ state: 'connecting' })
    try {
      const token = await this.#session.get()
      const ticket = await this.#http.call<Schemas['Ticket']>('POST', '/v1/tickets')
      if (attempt !== this.#attempt) return
      await this.#open(ticket.url, attempt)
      if (attempt !== this.#attempt) return
      const left = (token.expires - this.#platform.now()) / 1000
      const early = RENEW_SECONDS * (1 + this.#platform.random())
      if (left > early) this.#renew = this.#platform.after(left - early, () => this.#renewed())
      this.#upSince = this.#platform.now()
      this.#listener.moved(this.#connection, ++this.#ups)
      this.#keepAlive()
    } catch (thrown) {
      if (attempt === this.#attempt) this.#lost(this.#cause, Problem.of(thrown))
    }
  }

  #open(url: string, attempt: number): Promise<void> {
    const socket = this.#platform.socket(url)
    this.#socket = socket
    return new Promise((opened, fail) => {
      const late = this.#platform.after(OPEN_SECONDS, () => fail(lost(SILENCE)))
      socket.onopen = () => {
        late()
        opened()
      }
      socket.onmessage = ({ data }) => {
        if (attempt === this.#attempt) this.#hear(String(data))
      }
      socket.onclose = ({ code }) => {
        late()
        fail(lost(SILENCE))
        if (attempt === this.#attempt && this.#upSince > 0) this.#closed(code)
      }
    })
  }

  #hear(text: string): void {
    this.#dueAt = 0
    this.#heardAt = this.#platform.now()
    this.#deadline()
    let frame: ServerFrame
    try {
      frame = JSON.parse(text) as ServerFrame
    } catch {
      return
    }
    if (frame.type === 'ack') this.#settle(frame.ref)?.done(frame)
    else if (frame.type === 'error') this.#settle(frame.ref)?.fail(refusalOf(frame))
    else if (frame.type === 'reconnect') this.#comeBack(frame.within_seconds ?? 0)
    else this.#listener.frame(frame)
  }

  #settle(ref: string | null | undefined): Waiting | undefined {
    if (!ref) return undefined
    const waiting = this.#waiting.get(ref)
    this.#waiting.delete(ref)
    waiting?.forget()
    return waiting
  }

  /** The server goes away, and says over how long those who come back are to be spread. */
  #comeBack(withinSeconds: number): void {
    const seconds =
      withinSeconds > 0
        ? withinSeconds * this.#platform.random()
        : pauseSeconds(this.patience(), this.#failures, this.#platform.random)
    this.#told = true
    this.#cause = 'everybody'
    this.#wait(seconds, lost('The server is being restarted.'))
  }

  #closed(code: number): void {
    if (this.#told) this.#drop(lost(CUT), true)
    else {
      const mine = OWN_CODES.has(code) || !this.#platform.networked()
      this.#lost(mine ? 'oneself' : 'everybody', lost(CUT))
    }
  }

  /** The connection is gone, or was not to be had. */
  #lost(cause: Cause, problem: Problem): void {
    const steady = this.#upSince > 0 && this.#platform.now() - this.#upSince > STEADY_SECONDS * 1000
    if (steady) this.#failures = 0
    this.#cause = cause === 'oneself' ? cause : this.patience()
    this.#drop(problem)
    const last = problem.tokenEnded ? problem.status !== undefined : !problem.passing
    if (last) {
      this.#move({ state: 'refused', problem })
      return
    }
    const pause = pauseSeconds(this.#cause, this.#failures, this.#platform.random)
    this.#failures += 1
    this.#wait(Math.max(pause, problem.retryAfter ?? 0), problem)
  }

  #wait(seconds: number, problem: Problem): void {
    this.#next()
    this.#next = this.#platform.after(seconds, () => void this.#connect())
    const state = this.#platform.networked() ? 'waiting' : 'offline'
    this.#move({ state, retryAt: this.#platform.now() + seconds * 1000, problem })
  }

  /** A new token, and a new connection with it; when nothing is under way. */
  #renewed(): void {
    if (this.#waiting.size > 0) {
      this.#renew = this.#platform.after(1, () => this.#renewed())
      return
    }
    this.#session.renew()
    void this.#connect()
  }

  /** Ends the present socket and all that waits for it. */
  #drop(problem: Problem, waitsAlready = false): void {
    const socket = this.#socket
    this.#socket = undefined
    this.#attempt += 1
    this.#upSince = this.#dueAt = 0
    this.#deadline()
    this.#ping()
    this.#renew()
    if (!waitsAlready) this.#next()
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null
      socket.close(GIVEN_UP)
    }
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const one of waiting) {
      one.forget()
      one.fail(problem)
    }
  }

  /** The server must say something within so many seconds, or the socket is dead. */
  #expectWord(seconds: number): void {
    const due = this.#platform.now() + seconds * 1000
    // The earliest counts: who sends more to a dead socket must not put off its end.
    if (this.#dueAt > 0 && this.#dueAt <= due) return
    this.#dueAt = due
    this.#deadline()
    this.#deadline = this.#platform.after(seconds, () => this.#lost('oneself', lost(SILENCE)))
  }

  #watchClock(): void {
    const due = this.#platform.now() + TICK_SECONDS * 1000
    this.#tick()
    this.#tick = this.#platform.after(TICK_SECONDS, () => {
      if (this.#platform.now() - due > TICK_SECONDS * 1000) this.check(true)
      this.#watchClock()
    })
  }

  #alive(seconds: number): void {
    // What it answers is of no interest; that it answers is.
    this.request({ action: 'ping' }).catch((problem: Problem) => {
      if (problem.tokenEnded) this.fail(problem)
    })
    this.#expectWord(seconds)
  }

  #keepAlive(): void {
    this.#ping()
    const seconds = this.pingSeconds()
    if (seconds <= 0) return
    this.#ping = this.#platform.after(seconds, () => {
      this.#alive(SILENT_SECONDS)
      this.#keepAlive()
    })
  }

  /** How often it is to ping has changed. */
  paceChanged(): void {
    if (this.#upSince > 0) this.#keepAlive()
  }

  #move(connection: Connection): void {
    this.#connection = connection
    this.#listener.moved(connection, undefined)
  }
}

function lost(message: string): Problem {
  return Problem.local('connection_lost', message)
}

function refusalOf({ code, message, retry_after }: Extract<ServerFrame, { type: 'error' }>): Problem {
  return new Problem({ code, message, retryAfter: retry_after ?? undefined })
}
