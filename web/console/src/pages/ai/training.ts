/** How a trained version stands. */
import type { Intent, IntentExample, ModelStatus, ModelVersion } from '../../ui/schema'

/** Milliseconds after which no training is under way any more: the function that does it has less time than that. */
const TRAINING_MS = 15 * 60_000

/** Whether it is said to be in training, and is not: whatever did it is gone. */
export function isStuck({ status, created }: ModelVersion, now: number): boolean {
  return status === 'training' && now - Date.parse(created) > TRAINING_MS
}

/** How it stands, as far as one may believe it. */
export function statusOf(model: ModelVersion, now: number): ModelStatus {
  return isStuck(model, now) ? 'failed' : model.status
}

/** An intent's examples, with one of them left out of what is learned. */
export function leftOut({ examples }: Intent, text: string): IntentExample[] {
  return examples.map((example) => (example.text === text ? { ...example, left_out: true } : example))
}
