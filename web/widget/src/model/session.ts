import { type Connection, type Credentials, claimsOf, Problem, Visitor } from '@deskwire/sdk'
import type { Token } from '../api'
import { Cell, changed, watch } from '../state'
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
  #token: Token | undefined
  #subject: string | undefined
  #unfollow: (() => void)[] = []

  /** `follow` hears of each new client, and gives what undoes its hearing. */
  constructor(place: Place, memory: Memory, follow: (desk: Visitor) => (() => void)[]) {
    this.#place = place
    this.#memory = memory
    this.#follow = follow
  }

  /** Where the connection stands. */
  get connection(): Connection {
    return this.desk.value?.connection ?? { state: 'idle' }
  }

  /** Comes back as who one was, if one has been here; else nothing is done. */
  resume(): void {
    if (this.#memory.acted || this.#token) this.ensure()
  }

  /** The client, connected or connecting: the visitor has acted, or the company has said who they are. */
  ensure(): Visitor {
    const there = this.desk.value
    if (there) return there
    const desk = new Visitor({
      url: this.#place.url,
      account: this.#place.account,
      credentials: this.#credentials(),
      lazy: false,
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

  /** The visitor acts: from now on there is an identity, and what they do is kept. */
  act(): Visitor {
    if (!this.#memory.acted) this.#memory.set('acted', true)
    return this.ensure()
  }

  /** The contact's id, as soon as the server has told it. */
  contact(): Promise<string> {
    const desk = this.ensure()
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const id = desk.me?.id
        const { state, problem } = desk.connection
        if (id) resolve(id)
        else if (state !== 'connecting' && state !== 'idle') {
          reject(problem ?? Problem.local('network', ''))
        } else return
        stop()
      }
      const stop = watch(look)
      look()
    })
  }

  /** The company says who the visitor is. The same person again only renews the token. */
  async identify(token: Token): Promise<void> {
    // Not to believe it: only to tell two people apart.
    const { sub: subject } = claimsOf(await tokenValue(token))
    const same = this.#token !== undefined && subject !== undefined && subject === this.#subject
    this.#token = token
    this.#subject = subject
    this.identified.value = true
    if (same && this.connection.state !== 'refused') return
    await this.stop()
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

  /** Forgets who the visitor is, here and on the server's side of the token. */
  async forget(): Promise<void> {
    // Without a client there may still be a kept identity: a client that is never started can forget it.
    const kept = this.#memory.acted || this.desk.value !== undefined
    const desk = this.#leave()
    const { url, account } = this.#place
    this.#token = undefined
    this.#subject = undefined
    this.identified.value = false
    this.#memory.forget()
    if (kept) await (desk ?? new Visitor({ url, account, credentials: { kind: 'anonymous' } })).signOut()
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
