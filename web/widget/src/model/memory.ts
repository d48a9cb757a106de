import { browser } from '@deskwire/sdk'

/** What is kept in the browser, all under one key of `localStorage`. No cookie; nothing at all before the visitor acts. */

/** What is kept. */
export interface Kept {
  /** Whether the visitor has written or signed in here: then there is an identity to come back to. */
  acted?: boolean
  /** By conversation, up to which seq the visitor has read. */
  read?: Record<string, number>
  /** What stands in the composer. */
  draft?: string
  /** Whether the form before the first conversation is done with. */
  introduced?: boolean
}

/** The widget's memory in this browser, for one account and one person. */
export class Memory {
  readonly #account: string
  #key = ''
  /** A page may be forbidden to store (sandboxed frames, private windows): it lives as long as the page, then. */
  readonly #store = browser()
  #kept: Kept = {}

  constructor(account: string) {
    this.#account = account
    this.as(undefined)
  }

  /** From now on somebody else's: by what the company's token calls them; of those without a name there is one. */
  as(subject: string | undefined): void {
    this.#key = `deskwire:${this.#account}${subject === undefined ? '' : `:${subject}`}`
    this.#kept = {}
    this.#load()
  }

  /** Whether the visitor has been active here before. */
  get acted(): boolean {
    return this.#kept.acted === true
  }

  /** What is kept under a name. */
  get<K extends keyof Kept>(name: K): Kept[K] {
    return this.#kept[name]
  }

  /** Keeps something. It is the visitor's act that allows it: nothing else may call this. */
  set<K extends keyof Kept>(name: K, value: Kept[K]): void {
    // Another tab may have written meanwhile.
    this.#load()
    this.#kept = { ...this.#kept, [name]: value }
    this.#store.keep(this.#key, JSON.stringify(this.#kept))
  }

  /** Up to which seq the visitor has read. */
  readUpTo(conversation: string): number {
    return this.#kept.read?.[conversation] ?? 0
  }

  /** Keeps how far the visitor has read; never back. */
  keepRead(conversation: string, seq: number): void {
    if (seq > this.readUpTo(conversation)) this.set('read', { ...this.#kept.read, [conversation]: seq })
  }

  /** Forgets all. */
  forget(): void {
    this.#kept = {}
    this.#store.keep(this.#key, undefined)
  }

  #load(): void {
    try {
      const text = this.#store.kept(this.#key)
      if (text) this.#kept = JSON.parse(text) as Kept
    } catch {
      // Spoilt by another program: as if it were not there.
      this.#kept = {}
    }
  }
}
