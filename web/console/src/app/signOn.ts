/** Signing in: the company's token, or a Deskwire token, becomes a session. */
import type { Schemas } from '@deskwire/sdk'
import { forgetSession, keepSession, keptSession, type Renewal, type Session } from './session'

/** A way of the company to sign in, as `GET /v1/sign-on` tells it. */
export type Login = Schemas['Login']

/** How an account's people sign in. */
export type SignOn = Pick<Schemas['SignOnOptions'], 'account' | 'name' | 'logins'>

/** Why somebody could not sign in, in the shape that problems of the server have. */
export class SignInError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly detail?: string,
    readonly retryAfter?: number,
  ) {
    super(message)
    this.name = 'SignInError'
  }
}

const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'
const JWT = 'urn:ietf:params:oauth:token-type:jwt'
const REFRESH = 'urn:ietf:params:oauth:token-type:refresh_token'

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** Asks before anybody is signed in; what is refused is thrown as a `SignInError`. */
async function ask(path: string, init?: RequestInit): Promise<Record<string, unknown>> {
  const answer = await fetch(path, { ...init, cache: 'no-store', credentials: 'omit' })
  const type = answer.headers.get('content-type') ?? ''
  const body: unknown = type.includes('json') ? await answer.json() : undefined
  const fields = typeof body === 'object' && body !== null ? { ...body } : {}
  const read = fields as Record<string, unknown>
  if (answer.ok) return read
  const retry = Number(answer.headers.get('retry-after'))
  throw new SignInError(
    text(read.code) ?? (answer.status === 404 ? 'not_found' : 'internal_error'),
    text(read.title) ?? answer.statusText,
    text(read.detail),
    retry > 0 ? retry : undefined,
  )
}

function isLogin(value: unknown): value is Login {
  if (typeof value !== 'object' || value === null) return false
  const login = value as Partial<Record<keyof Login, unknown>>
  return typeof login.authorization_endpoint === 'string' && typeof login.token_endpoint === 'string'
}

/** The ways to sign in to an account; `not_found` where there is no such account. */
export async function signOnOf(account: string): Promise<SignOn> {
  const found = await ask(`/v1/sign-on?account=${encodeURIComponent(account)}`)
  const logins = Array.isArray(found.logins) ? found.logins.filter(isLogin) : []
  return { account, name: text(found.name) ?? account, logins }
}

/** What a JWT says, unchecked: only to tell tokens apart. Whether it holds is for the server to say. */
export function claimsOf(token: string): { typ?: string; iss?: string; sub?: string; exp?: number } {
  const [header = '', payload = ''] = token.split('.')
  return { ...part(header), ...part(payload) }
}

function part(encoded: string): Record<string, unknown> {
  try {
    const bytes = Uint8Array.from(atob(encoded.replaceAll('-', '+').replaceAll('_', '/')), (c) =>
      c.charCodeAt(0),
    )
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

/** Whether it is a token of Deskwire's own, which needs no exchange. */
export function isAccessToken(token: string): boolean {
  const { typ, iss } = claimsOf(token)
  return typ === 'at+jwt' && iss === 'deskwire'
}

/** Whether it is what Deskwire gave an agent to come back with: the first administrator's way in. */
function isRefreshToken(token: string): boolean {
  const { typ, iss } = claimsOf(token)
  return typ === 'agent+jwt' && iss === 'deskwire'
}

/** Exchanges the company's token, or Deskwire's own refresh token, for a session. */
export async function exchange(
  account: string,
  subject: string,
  options: { stay: boolean; renewal?: Renewal | undefined },
): Promise<Session> {
  const body = {
    account,
    grant_type: TOKEN_EXCHANGE,
    subject_token: subject,
    subject_token_type: isRefreshToken(subject) ? REFRESH : JWT,
    scope: 'agent',
  }
  const headers = { 'content-type': 'application/json' }
  const answer = await ask('/v1/token', { method: 'POST', headers, body: JSON.stringify(body) })
  const token = text(answer.access_token)
  if (!token) throw new SignInError('internal_error', 'The server gave no token.')
  const seconds = typeof answer.expires_in === 'number' ? answer.expires_in : 0
  const { renewal } = options
  const refresh = text(answer.refresh_token)
  return {
    account,
    token,
    expires: Date.now() + seconds * 1_000,
    since: Date.now(),
    stay: options.stay,
    ...(renewal && { renewal }),
    ...(refresh && { refresh }),
  }
}

/** Signs in with what somebody pasted: a token of Deskwire or of the company. */
export async function signInWith(account: string, pasted: string, stay: boolean): Promise<Session> {
  const token = pasted.trim()
  if (!isAccessToken(token)) return exchange(account, token, { stay })
  const { exp = 0 } = claimsOf(token)
  if (exp * 1_000 <= Date.now()) throw new SignInError('token_expired', 'The token has run out.')
  return { account, token, expires: exp * 1_000, since: Date.now(), stay }
}

/**
 * When a sign-in ends for good, in milliseconds since 1970: Deskwire renews its tokens until its refresh token ends, and
 * the company's sign-on for as long as it likes.
 */
export function endOf({ expires, refresh, renewal }: Session): number {
  if (renewal) return Number.POSITIVE_INFINITY
  if (!refresh) return expires
  const { exp } = claimsOf(refresh)
  return exp === undefined ? Number.POSITIVE_INFINITY : exp * 1_000
}

/** Whose token it is: `agt_…`. */
export function agentOf(session: Session): string {
  return claimsOf(session.token).sub ?? ''
}

const OUT_KEY = 'deskwire.out'

/** Notes when an agent signed out in this browser. */
export function noteSignOut(agent: string): void {
  try {
    localStorage.setItem(`${OUT_KEY}.${agent}`, String(Date.now()))
  } catch {
    // The storage is full: tabs that are awake have been told.
  }
}

/** The sign-in that was kept; none where its agent has signed out since, and this tab slept. */
export function resumedSession(now: number): Session | undefined {
  const kept = keptSession(now)
  if (!kept) return undefined
  const out = localStorage.getItem(`${OUT_KEY}.${agentOf(kept)}`)
  if (out === null || (kept.since ?? 0) > Number(out)) return kept
  forgetSession()
  return undefined
}

/**
 * Signs in with the token in the address's fragment (`#subject_token=…`), if there is one. A fragment is never sent to
 * a server; it is taken out of the address at once, so that it stays in no history.
 */
export async function signInFromFragment(account: string): Promise<Session | undefined> {
  const fragment = new URLSearchParams(location.hash.replace(/^#\/?/, ''))
  const subject = fragment.get('subject_token')
  if (!subject) return undefined
  history.replaceState(null, '', location.pathname + location.search)
  const session = await exchange(account, subject, { stay: false })
  keepSession(session)
  return session
}
