/** Calls of the HTTP API. */

import type { Platform } from './platform'
import { Problem, type ProblemData } from './problem'
import type { HttpOptions, Schemas } from './types'

/** Seconds that an answer may take: API Gateway gives up after 29. */
const ANSWER_SECONDS = 30

const UNAUTHENTICATED = 401

/** Where the token comes from, and what to do when it turns out to be void. */
export interface TokenSource {
  token(): Promise<string>
  /** This one was refused; the next call of `token` gives another. */
  refused(token: string): void
}

/** The HTTP API at one address. */
export class Http {
  readonly #platform: Platform
  readonly #url: string
  #source: TokenSource | undefined

  constructor(platform: Platform, url: string) {
    this.#platform = platform
    this.#url = url.replace(/\/+$/, '')
  }

  /** The tokens for calls that need one. */
  authenticate(source: TokenSource): void {
    this.#source = source
  }

  /** Calls, and once more with a new token where the old one is void. Throws a {@link Problem}. */
  async call<T>(method: string, path: string, body?: unknown, options: HttpOptions = {}): Promise<T> {
    if (options.public || !this.#source) return this.#once<T>(method, path, body, options)
    const token = await this.#source.token()
    try {
      return await this.#once<T>(method, path, body, options, token)
    } catch (problem) {
      if (!(problem instanceof Problem && problem.status === UNAUTHENTICATED)) throw problem
      this.#source.refused(token)
      return this.#once<T>(method, path, body, options, await this.#source.token())
    }
  }

  async #once<T>(
    method: string,
    path: string,
    body: unknown,
    options: HttpOptions,
    token?: string,
  ): Promise<T> {
    const stop = new AbortController()
    const giveUp = this.#platform.after(ANSWER_SECONDS, () => stop.abort(tooSlow()))
    const stopped = () => stop.abort(options.signal?.reason)
    options.signal?.addEventListener('abort', stopped)
    if (options.signal?.aborted) stopped()
    try {
      const response = await this.#platform.fetch(this.#url + path, {
        method,
        headers: headers(body, options, token),
        ...(body !== undefined && { body: encoded(body, options) }),
        signal: stop.signal,
        credentials: 'omit',
      })
      const text = await response.text()
      if (!response.ok) throw refusal(response, text)
      return (text === '' ? undefined : JSON.parse(text)) as T
    } catch (error) {
      throw Problem.of(error)
    } finally {
      giveUp()
      options.signal?.removeEventListener('abort', stopped)
    }
  }
}

function tooSlow(): Problem {
  return Problem.local('network', 'The server does not answer.')
}

function headers(body: unknown, options: HttpOptions, token: string | undefined): Record<string, string> {
  return {
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(body !== undefined && { 'content-type': options.contentType ?? 'application/json' }),
    ...(options.idempotencyKey !== undefined && { 'idempotency-key': options.idempotencyKey }),
  }
}

function encoded(body: unknown, options: HttpOptions): BodyInit {
  return options.contentType === undefined ? JSON.stringify(body) : (body as BodyInit)
}

/** What a response that is no success says; whatever stands between may answer without a problem document. */
function refusal(response: Response, text: string): Problem {
  const { status } = response
  const after = Number.parseInt(response.headers.get('retry-after') ?? '', 10)
  const data: ProblemData = { code: `http_${status}`, message: `The server answered ${status}.`, status }
  if (Number.isFinite(after)) data.retryAfter = after
  try {
    const problem = JSON.parse(text) as Partial<Schemas['Problem']>
    if (typeof problem.code === 'string') data.code = problem.code
    if (typeof problem.title === 'string') {
      data.message = problem.detail ? `${problem.title} (${problem.detail})` : problem.title
    }
    if (problem.errors) data.mistakes = problem.errors
  } catch {
    // Not JSON: the status is all there is.
  }
  return new Problem(data)
}
