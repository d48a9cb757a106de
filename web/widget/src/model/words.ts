import type { Problem } from '@deskwire/sdk'
import type { Texts } from '../texts'

/** Codes of this side, and which words fit them. */
const LOCAL: Record<string, keyof Texts['problems']> = {
  not_connected: 'network',
  connection_lost: 'network',
  stopped: 'network',
  upload_failed: 'attachment_mismatch',
  sync_required: 'busy',
  overtaken: 'busy',
  conflict: 'busy',
  not_possible_now: 'busy',
  sign_on_unavailable: 'busy',
  unauthenticated: 'token_expired',
  idempotency_in_progress: 'busy',
}

/** A problem in the visitor's words; in the server's own where the dictionary has none for its code. */
export function explain(problem: Pick<Problem, 'code' | 'message' | 'retryAfter'>, texts: Texts): string {
  const problems: Record<string, string> = texts.problems
  const words = problems[LOCAL[problem.code] ?? problem.code] ?? problem.message
  return problem.retryAfter ? `${words} ${texts.retryIn(problem.retryAfter)}` : words
}
