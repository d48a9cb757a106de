import type { Because } from '../../ui/schema'

/** Letters in a row that weigh the same. */
export interface Run {
  start: number
  text: string
  /** From -1 to 1: the heaviest letter of the sentence is 1 or -1. */
  weight: number
  /** As the model has it. */
  raw: number
}

/**
 * A sentence in runs of letters by what they weigh. Pieces overlap (a word, and its part): a letter weighs what all
 * pieces that have it weigh together. Places are in characters, as the API counts them.
 */
export function weights(text: string, pieces: readonly Because[]): Run[] {
  const letters = [...text]
  const sums = letters.map(() => 0)
  for (const piece of pieces) {
    for (let at = Math.max(0, piece.start); at < Math.min(piece.end, letters.length); at += 1) {
      sums[at] = (sums[at] ?? 0) + piece.weight
    }
  }
  const most = Math.max(...sums.map(Math.abs), Number.MIN_VALUE)
  const runs: Run[] = []
  for (const [at, letter] of letters.entries()) {
    const raw = sums[at] ?? 0
    const last = runs.at(-1)
    if (last && last.raw === raw) last.text += letter
    else runs.push({ start: at, text: letter, raw, weight: raw / most })
  }
  return runs
}
