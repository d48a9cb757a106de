/** What went wrong, for a program (`code`) and for a person (`message`). */

/**
 * Codes that only this side makes, `http_<status>` where an answer says no code of its own. All others are the server's,
 * even where this side refuses before it does.
 */
export type LocalCode =
  | 'not_connected'
  | 'connection_lost'
  | 'network'
  | 'upload_failed'
  | 'aborted'
  | 'stopped'
  | `http_${number}`

/** Codes that time may mend: the same may be sent again. */
const PASSING = new Set([
  'rate_limited',
  'busy',
  'internal_error',
  'sign_on_unavailable',
  'idempotency_in_progress',
  'not_connected',
  'connection_lost',
  'network',
])

/** The least HTTP status that says "the server's fault": the same may succeed later. */
const SERVER_FAULT = 500

/** A line and column of a file, and what is wrong there. */
export interface Mistake {
  line: number
  column: number
  message: string
}

/** A plain copy, for storage and for other tabs. */
export interface ProblemData {
  code: string
  message: string
  status?: number | undefined
  retryAfter?: number | undefined
  mistakes?: readonly Mistake[] | undefined
}

/** A refusal or a failure. `code` is stable; `message` is for a person, in English. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly code: string
  /** The HTTP status; absent where it came by socket or is of this side. */
  readonly status: number | undefined
  /** Seconds after which the same may succeed. */
  readonly retryAfter: number | undefined
  /** What is wrong where, in a file that was sent. */
  readonly mistakes: readonly Mistake[]

  constructor(data: ProblemData) {
    super(data.message)
    this.code = data.code
    this.status = data.status
    this.retryAfter = data.retryAfter
    this.mistakes = data.mistakes ?? []
  }

  /** Whether the same may succeed later. */
  get passing(): boolean {
    return (
      this.retryAfter !== undefined ||
      PASSING.has(this.code) ||
      (this.status !== undefined && this.status >= SERVER_FAULT)
    )
  }

  /** Whether a new token may mend it. */
  get tokenEnded(): boolean {
    return this.code === 'unauthenticated' || this.code === 'token_expired'
  }

  /** A plain copy. */
  toJSON(): ProblemData {
    const { code, message, status, retryAfter, mistakes } = this
    return { code, message, status, retryAfter, mistakes }
  }

  /** A problem of this side. */
  static local(code: LocalCode, message: string): Problem {
    return new Problem({ code, message })
  }

  /** There is no connection. */
  static notConnected(): Problem {
    return Problem.local('not_connected', 'There is no connection to the server at the moment.')
  }

  /** Nobody is signed in any more. */
  static signedOut(): Problem {
    return Problem.local('stopped', 'You have signed out.')
  }

  /** Whatever was thrown, as a problem. */
  static of(thrown: unknown): Problem {
    if (thrown instanceof Problem) return thrown
    if (thrown instanceof DOMException && thrown.name === 'AbortError')
      return Problem.local('aborted', 'It was stopped.')
    // What the browser says of it is for programmers; it stays in the console.
    return Problem.local('network', 'The server cannot be reached. Is there a network?')
  }
}
