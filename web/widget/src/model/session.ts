import { type Connection, type Credentials, claimsOf, Visitor } from '@deskwire/sdk'
import type { Token } from '../api'
import { Cell, changed } from '../state'
import type { Memory } from './memory'

/** Where a session connects to. */
export interface Place {
  url: string
  account: string
  inbox: string | undefined
}

async function tokenValue(token: Token): Promise<string> {
  return typeof token === 'function' ? token() : token
}

/** Who the visitor is, and the connection that they have; none before they act or are known. */
export class Session {
  /** The SDK's client, once there is one. */
  readonly desk = new Cell<Visitor | undefined>(undefined)
  /** Whether the company vouches for the visitor. */
  readonly identified = new Cell(false)

  readonly #place: Place
  readonly #memory: Memory
  readonly #follow: (desk: Visitor) => (() => void)[]
  readonly #becomes: (named: boolean) => void
  /** Counts the calls that say who the visitor is: the last one holds. */
  #turn = 0
  #token: Token | undefined
  #subject: string | undefined
  #unfollow: (() => void)[] = []

  /**
   * `follow` hears of each new client, and gives what undoes its hearing. `becomes` hears that the visitor is somebody
   * else, and whether they were somebody `named` before.
   */
  constructor(
    place: Place,
    memory: Memory,
    follow: (desk: Visitor) => (() => void)[],
    becomes: (named: boolean) => void,
  ) {
    this.#place = place
    this.#memory = memory
    this.#follow = follow
    this.#becomes = becomes
  }

  /** Where the connection stands. */
  get connection(): Connection {
    return this.desk.value?.connection ?? { state: 'idle' }
  }

  /** Comes back as who one was, if one has been here and that is kept; else nobody is made. */
  resume(): void {
    if (this.#memory.acted || this.#token) this.ensure()
  }

  /** The client: it connects once there is somebody, by what they do or by the company's word. */
  ensure(): Visitor {
    const there = this.desk.value
    if (there) return there
    const desk = new Visitor({
      url: this.#place.url,
      account: this.#place.account,
      credentials: this.#credentials(),
      ...(this.#place.inbox && { inbox: this.#place.inbox }),
    })
    this.#unfollow = [
      // Whatever happens in a conversation, that it has changed is told with it.
      ...(['connection', 'token', 'conversation', 'pending'] as const).map((event) =>
        desk.on(event, changed),
      ),
      ...this.#follow(desk),
    ]
    this.desk.value = desk
    desk.start()
    return desk
  }

  /** The visitor acts: there will be an identity, and what they do is kept. */
  act(): Visitor {
    if (!this.#memory.acted) this.#memory.set('acted', true)
    return this.ensure()
  }

  /** The company says who the visitor is. The same person again only renews the token. */
  async identify(token: Token): Promise<void> {
    this.#turn += 1
    const turn = this.#turn
    // Not to believe it: only to tell two people apart.
    const { sub: subject } = claimsOf(await tokenValue(token))
    // Somebody else came, or they went, before it was there.
    if (turn !== this.#turn) return
    const named = this.identified.value
    const same = named && subject !== undefined && subject === this.#subject
    this.#token = token
    this.#subject = subject
    this.identified.value = true
    if (same && this.connection.state !== 'refused') return
    const stopped = this.stop()
    if (!same) {
      this.#memory.as(subject ?? '')
      // Of a person whom nothing tells apart nothing can be known from before.
      if (!subject) this.#memory.forget()
      this.#becomes(named)
    }
    await stopped
    this.ensure()
  }

  /** Connects again at once, after a refusal or while waiting. */
  async again(): Promise<void> {
    await this.stop()
    this.ensure()
  }

  /** Lets go of the connection; the identity stays. */
  async stop(): Promise<void> {
    const desk = this.#leave()
    await desk?.stop()
  }

  /** Forgets who the visitor is, in all tabs. Where it was `heard` of, another tab has done so with all that is kept. */
  async forget(heard: boolean): Promise<void> {
    // Without a client there may still be a kept identity: a client that is never started can forget it.
    const kept = this.#memory.acted || this.desk.value !== undefined
    const desk = this.#leave()
    const { url, account } = this.#place
    this.#turn += 1
    this.#token = this.#subject = undefined
    this.identified.value = false
    if (!heard) this.#memory.forget()
    this.#memory.as(undefined)
    if (!heard) this.#memory.forget()
    this.#becomes(true)
    if (kept && !heard)
      await (desk ?? new Visitor({ url, account, credentials: { kind: 'anonymous' } })).signOut()
  }

  #leave(): Visitor | undefined {
    const desk = this.desk.value
    for (const stop of this.#unfollow.splice(0)) stop()
    this.desk.value = undefined
    return desk
  }

  #credentials(): Credentials {
    if (!this.#token) return { kind: 'anonymous' }
    // Read anew each time: `identify` may have brought a fresh one.
    return { kind: 'company', scope: 'visitor', token: () => tokenValue(this.#token ?? '') }
  }
}
