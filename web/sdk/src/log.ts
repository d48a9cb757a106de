/** A log as far as it is here: a run of entries without a gap, each once, in seq order. Pure. */

import type { EntryView } from './types'

/** Merges what comes in any order, any number of times. */
export class Log {
  #entries: readonly EntryView[] = []
  /** Where the run begins: the seq before its first entry. `undefined` until it is known where to begin. */
  #base: number | undefined
  #head = 0
  /** What came too early: a gap lies before it. */
  readonly #later = new Map<number, EntryView>()

  /** The run; another array whenever it has changed. */
  get entries(): readonly EntryView[] {
    return this.#entries
  }

  /** The last seq that is here without a gap; `undefined` until it is known where the run begins. */
  get last(): number | undefined {
    return this.#base === undefined ? undefined : this.#base + this.#entries.length
  }

  /** The seq before the run's first entry. */
  get base(): number {
    return this.#base ?? this.#head
  }

  /** The log's last seq, as far as is known. */
  get head(): number {
    return this.#head
  }

  /** Whether something is known to be missing behind the run. */
  get behind(): boolean {
    return this.last !== undefined && this.last < this.#head
  }

  /** The server says how far the log goes. */
  reaches(seq: number): void {
    if (seq > this.#head) this.#head = seq
  }

  /** The run begins behind `seq`, unless it has begun. */
  begin(seq: number): void {
    this.#base ??= seq
    this.reaches(seq)
  }

  /** Takes entries in; answers those that were added at the end, in order. */
  merge(entries: readonly EntryView[]): EntryView[] {
    for (const entry of entries) {
      this.reaches(entry.seq)
      if (this.last !== undefined && entry.seq > this.last) this.#later.set(entry.seq, entry)
    }
    const added: EntryView[] = []
    if (this.last === undefined) return added
    for (let seq = this.last + 1; this.#later.has(seq); seq += 1) {
      const entry = this.#later.get(seq)
      this.#later.delete(seq)
      if (entry) added.push(entry)
    }
    if (added.length > 0) this.#entries = [...this.#entries, ...added]
    return added
  }

  /** Takes in a page that lies directly before the run, or the page that the run begins with. */
  prepend(page: readonly EntryView[]): void {
    const first = page[0]
    const last = page.at(-1)
    if (!first || !last) return
    this.begin(last.seq)
    const fitting = page.filter((entry) => entry.seq <= this.base)
    if (fitting.at(-1)?.seq !== this.base) return
    this.#entries = [...fitting, ...this.#entries]
    this.#base = first.seq - 1
    this.reaches(last.seq)
  }
}
