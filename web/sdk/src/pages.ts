/** Any part of a log over HTTP, for lists that show a window of it; what was read once is kept for a while. */

import type { Http } from './http'
import type { EntryView, Schemas } from './types'

/** Entries that one call may ask for (the API's limit). */
const CALL_ENTRIES = 100

/** Entries that are kept: at about 600 bytes each some megabytes. */
const KEPT_ENTRIES = 10_000

/** The pages of one log. */
export class Pages {
  readonly #http: Http
  readonly #path: string
  /** By seq; the oldest to come go first. */
  readonly #kept = new Map<number, EntryView>()
  readonly #asked = new Map<number, Promise<void>>()

  constructor(http: Http, conversation: string) {
    this.#http = http
    this.#path = `/v1/conversations/${conversation}/entries`
  }

  /** The page before a seq, or the newest. */
  async before(seq: number | undefined, limit: number): Promise<EntryView[]> {
    const from = seq === undefined ? '' : `before=${seq}&`
    return this.#read(`${from}limit=${Math.max(1, Math.min(limit, CALL_ENTRIES))}`)
  }

  /** At most `limit` entries after a seq. */
  async after(seq: number, limit: number): Promise<EntryView[]> {
    const found: EntryView[] = []
    for (let next = seq + 1; next <= seq + limit; next += 1) {
      if (!this.#kept.has(next)) await this.#ask(next)
      const entry = this.#kept.get(next)
      if (!entry) break
      found.push(entry)
    }
    return found
  }

  /** Reads the whole hundred that a seq lies in, so that neighbours who ask for theirs share one call. */
  #ask(seq: number): Promise<void> {
    const hundred = Math.floor((seq - 1) / CALL_ENTRIES) * CALL_ENTRIES
    // A page of long entries may have ended early: it goes on from there.
    const after = this.#kept.has(hundred + 1) ? seq - 1 : hundred
    const asked =
      this.#asked.get(after) ??
      this.#read(`after=${after}&limit=${CALL_ENTRIES}`)
        .then(() => {})
        .finally(() => this.#asked.delete(after))
    this.#asked.set(after, asked)
    return asked
  }

  async #read(query: string): Promise<EntryView[]> {
    const page = await this.#http.call<Schemas['EntriesPage']>('GET', `${this.#path}?${query}`)
    for (const entry of page.data) this.#kept.set(entry.seq, entry)
    for (const seq of this.#kept.keys()) {
      if (this.#kept.size <= KEPT_ENTRIES) break
      this.#kept.delete(seq)
    }
    return page.data
  }
}
