/** Time that passes only when it is told to. */

interface Timer {
  at: number
  order: number
  then: () => void
}

/** Rounds of the event loop that promises, and the IndexedDB of the tests, need to come to rest. */
const ROUNDS = 12

/** A clock. */
export class Clock {
  /** Milliseconds since 1970. */
  now = Date.parse('2026-11-25T08:00:00Z')
  readonly #timers = new Set<Timer>()
  #order = 0

  /** Calls back after so many seconds, unless it is called off. */
  after(seconds: number, then: () => void): () => void {
    const timer = { at: this.now + Math.max(0, seconds) * 1000, order: this.#order++, then }
    this.#timers.add(timer)
    return () => {
      this.#timers.delete(timer)
    }
  }

  /** Lets everything come to rest that needs no time. */
  async settle(): Promise<void> {
    for (let round = 0; round < ROUNDS; round += 1) await new Promise((resolve) => setImmediate(resolve))
  }

  /** Lets time pass. */
  async pass(seconds: number): Promise<void> {
    const end = this.now + seconds * 1000
    await this.settle()
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#timers.delete(next)
      this.now = Math.max(this.now, next.at)
      next.then()
      await this.settle()
    }
    this.now = end
  }

  #next(end: number): Timer | undefined {
    let first: Timer | undefined
    for (const timer of this.#timers) {
      if (timer.at > end) continue
      if (!first || timer.at < first.at || (timer.at === first.at && timer.order < first.order)) first = timer
    }
    return first
  }
}
