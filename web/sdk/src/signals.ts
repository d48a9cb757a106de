/** What is said often and stored never: typing and reading. Coalesced, and only while there is a connection. */

import type { Platform } from './platform'
import type { ActionFrame } from './types'

/** Seconds between two words that one is still typing; the other side forgets it after 15. Each is a push to all who watch (`deskwire cost`). */
const TYPING_SECONDS = 9

/** Seconds after the last key at which one types no longer. */
const PAUSED_SECONDS = 6

/** Seconds between two receipts of a conversation (DESIGN §7: receipts are coalesced). */
const READ_SECONDS = 3

/** Seconds before the first, so that what is shown at once is said at once. */
const READ_SOON_SECONDS = 0.3

interface Typing {
  saidAt: number
  stop: () => void
}

interface Reading {
  said: number
  wanted: number
  waits: boolean
  saidAt: number
}

/** Says that one types, and how far one has read. */
export class Signals {
  readonly #platform: Platform
  readonly #say: (frame: ActionFrame) => Promise<unknown>
  readonly #typing = new Map<string, Typing>()
  readonly #reading = new Map<string, Reading>()
  #online = false

  constructor(platform: Platform, say: (frame: ActionFrame) => Promise<unknown>) {
    this.#platform = platform
    this.#say = say
  }

  /** With a connection, what could not be said is said. */
  set online(online: boolean) {
    this.#online = online
    if (online) for (const conversation of this.#reading.keys()) this.#readSoon(conversation)
    else this.#typing.clear()
  }

  /** A key was pressed, or the text is gone. */
  typing(conversation: string, on: boolean): void {
    const before = this.#typing.get(conversation)
    before?.stop()
    this.#typing.delete(conversation)
    if (!this.#online || (!on && !before)) return
    const now = this.#platform.now()
    const again = !before || now - before.saidAt >= TYPING_SECONDS * 1000
    if (!on || again) void this.#say({ action: 'typing', conversation, on }).catch(() => {})
    if (!on) return
    const stop = this.#platform.after(PAUSED_SECONDS, () => this.typing(conversation, false))
    this.#typing.set(conversation, { saidAt: again ? now : before.saidAt, stop })
  }

  /** The entry in which the typed text went out says that one types no longer. */
  sent(conversation: string): void {
    this.#typing.get(conversation)?.stop()
    this.#typing.delete(conversation)
  }

  /** Everything up to `seq` was read. */
  read(conversation: string, seq: number): void {
    const reading = this.#reading.get(conversation) ?? { said: 0, wanted: 0, waits: false, saidAt: 0 }
    this.#reading.set(conversation, reading)
    reading.wanted = Math.max(reading.wanted, seq)
    this.#readSoon(conversation)
  }

  #readSoon(conversation: string): void {
    const reading = this.#reading.get(conversation)
    if (!reading || !this.#online || reading.waits || reading.wanted <= reading.said) return
    reading.waits = true
    const since = (this.#platform.now() - reading.saidAt) / 1000
    this.#platform.after(Math.max(READ_SOON_SECONDS, READ_SECONDS - since), () => {
      reading.waits = false
      if (!this.#online) return
      const { wanted, said } = reading
      reading.said = wanted
      reading.saidAt = this.#platform.now()
      this.#say({ action: 'read', conversation, seq: wanted }).catch(() => {
        // Said again with the next; a mark that is behind harms nobody.
        reading.said = said
      })
    })
  }
}
