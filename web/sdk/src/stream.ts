/** What the AI agent is writing, put together from pieces that may come twice, late or never. Pure. */

import type { FrameOf, Streaming } from './types'

/** A piece. */
export type Delta = FrameOf<'delta'>

/** The text of one turn at a time. */
export class Stream {
  #turn: string | undefined
  #text = ''
  /** Characters (code points, as the server counts) that are here without a gap. */
  #length = 0
  /** The last turn that has ended: what comes late of it is of no interest. */
  #ended: string | undefined
  /** Pieces behind a gap, by where they begin. */
  readonly #later = new Map<number, string>()

  /** What can be shown; `undefined` where nothing is being written. */
  get streaming(): Streaming | undefined {
    return this.#turn === undefined || this.#text === '' ? undefined : { turn: this.#turn, text: this.#text }
  }

  /** Takes a piece in. What is behind a gap waits for the piece that is missing, or for the entry. */
  take({ turn, at, text, dropped }: Delta): void {
    if (dropped) this.end(turn)
    if (dropped || turn === this.#ended) return
    if (turn !== this.#turn) {
      this.#clear()
      this.#turn = turn
    }
    if (at < this.#length) return
    this.#later.set(at, text)
    for (
      let piece = this.#later.get(this.#length);
      piece !== undefined;
      piece = this.#later.get(this.#length)
    ) {
      this.#later.delete(this.#length)
      if (piece === '') return
      this.#text += piece
      this.#length += [...piece].length
    }
  }

  /** The turn is over, by its entry or because it came to nothing; whichever is under way, unless said. */
  end(turn = this.#turn): void {
    this.#ended = turn ?? this.#ended
    if (turn === this.#turn) this.#clear()
  }

  #clear(): void {
    this.#turn = undefined
    this.#text = ''
    this.#length = 0
    this.#later.clear()
  }
}
