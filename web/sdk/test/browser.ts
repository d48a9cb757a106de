/** Web Locks and BroadcastChannel of one browser, as far as the SDK uses them. */

import type { Channel, Locks } from '../src/platform'
import type { Clock } from './clock'

interface Request {
  tab: object
  held: () => Promise<unknown>
  done: (value: never) => void
  fail: (reason: unknown) => void
}

/** Locks: one holder, and a queue. */
export class FakeLocks {
  readonly #holders = new Map<string, Request>()
  #queue: { name: string; request: Request }[] = []
  readonly #gone = new Set<object>()
  /** The browser lets nobody have any. */
  forbidden = false

  /** The locks as one tab has them. */
  of(tab: object): Locks {
    return {
      request: <T>(
        name: string,
        options: { steal?: boolean; signal?: AbortSignal },
        held: () => Promise<T>,
      ) =>
        new Promise<T>((done, fail) => {
          if (this.#gone.has(tab)) return
          if (this.forbidden) return fail(new DOMException('sandbox', 'SecurityError'))
          const request = { tab, held, done: done as (value: never) => void, fail }
          options.signal?.addEventListener('abort', () => {
            this.#queue = this.#queue.filter((waiting) => waiting.request !== request)
            fail(options.signal?.reason)
          })
          if (options.steal) {
            const holder = this.#holders.get(name)
            this.#holders.delete(name)
            holder?.fail(new DOMException('stolen', 'AbortError'))
            this.#queue.unshift({ name, request })
          } else this.#queue.push({ name, request })
          this.#grant()
        }),
    }
  }

  /** A tab is gone, and all its locks and requests with it. */
  gone(tab: object): void {
    this.#gone.add(tab)
    this.#queue = this.#queue.filter((waiting) => waiting.request.tab !== tab)
    for (const [name, holder] of this.#holders) if (holder.tab === tab) this.#holders.delete(name)
    this.#grant()
  }

  #grant(): void {
    for (const { name, request } of [...this.#queue]) {
      if (this.#holders.has(name)) continue
      this.#queue = this.#queue.filter((waiting) => waiting.request !== request)
      this.#holders.set(name, request)
      const release = () => {
        if (this.#holders.get(name) === request) this.#holders.delete(name)
        this.#grant()
      }
      request.held().then(
        (value) => {
          request.done(value as never)
          release()
        },
        (reason) => {
          request.fail(reason)
          release()
        },
      )
    }
  }
}

/** A channel that all tabs of a browser hear, but for the one that speaks. */
export class FakeChannels {
  readonly #clock: Clock
  readonly #open = new Set<{ name: string; tab: object; channel: Channel }>()
  /** Tabs that the browser has put to sleep: they hear nothing. */
  readonly frozen = new Set<object>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Opens a channel for a tab. */
  open(name: string, tab: object): Channel {
    const channel: Channel = {
      onmessage: null,
      postMessage: (message) => {
        const data = structuredClone(message)
        for (const other of this.#open) {
          if (other.name !== name || other === end) continue
          this.#clock.after(0.001, () => {
            if (this.#open.has(other) && !this.frozen.has(other.tab)) {
              other.channel.onmessage?.({ data } as MessageEvent)
            }
          })
        }
      },
      close: () => {
        this.#open.delete(end)
      },
    }
    const end = { name, tab, channel }
    this.#open.add(end)
    return channel
  }

  /** A tab is gone. */
  gone(tab: object): void {
    for (const end of this.#open) if (end.tab === tab) this.#open.delete(end)
  }
}
