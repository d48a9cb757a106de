/** The company's sign-on by OpenID Connect: authorization code with PKCE, all in the browser (RFC 9700 §2.1.1). */
import type {
  AuthorizationServer,
  Client,
  TokenEndpointRequestOptions,
  TokenEndpointResponse,
} from 'oauth4webapi'
import { keepSession, keptSession, type Renewal, type Session } from './session'
import { exchange, type Login, SignInError } from './signOn'

/** What is remembered while the person is at the company's sign-on. */
interface Journey {
  account: string
  stay: boolean
  login: Login
  verifier: string
  state: string
  nonce: string
  /** Where in the console they were. */
  hash: string
}

const JOURNEY_KEY = 'deskwire.journey'
const DEFAULT_SCOPE = 'openid profile email'

/**
 * How the id_token may be signed: what Deskwire knows. The signature is not checked here, but by Deskwire, with the keys
 * and the one algorithm that the account's configuration names, when the token is exchanged.
 */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519', 'HS256']

/** The console's own address, to which the sign-on sends people back. */
function redirectUri(): string {
  return location.origin + location.pathname
}

function parties(
  login: Pick<Login, 'issuer' | 'token_endpoint' | 'client_id'>,
): [AuthorizationServer, Client] {
  const server = {
    issuer: login.issuer,
    token_endpoint: login.token_endpoint,
    id_token_signing_alg_values_supported: ALGORITHMS,
  }
  return [server, { client_id: login.client_id }]
}

/** Loaded only by who signs in so. */
const load = () => import('oauth4webapi')

/** A sign-on on one's own machine may be plain HTTP, as browsers allow it too; any other must not. */
async function options(endpoint: string): Promise<TokenEndpointRequestOptions> {
  const { hostname } = new URL(endpoint)
  const own = hostname === 'localhost' || hostname === '127.0.0.1'
  return own ? { [(await load()).allowInsecureRequests]: true } : {}
}

/** Goes to the company's sign-on. */
export async function leaveFor(login: Login, account: string, stay: boolean): Promise<void> {
  const oauth = await load()
  const journey: Journey = {
    account,
    stay,
    login,
    verifier: oauth.generateRandomCodeVerifier(),
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    hash: location.hash,
  }
  sessionStorage.setItem(JOURNEY_KEY, JSON.stringify(journey))
  const address = new URL(login.authorization_endpoint)
  const query: Record<string, string> = {
    response_type: 'code',
    client_id: login.client_id,
    redirect_uri: redirectUri(),
    scope: login.scope ?? DEFAULT_SCOPE,
    state: journey.state,
    nonce: journey.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(journey.verifier),
    code_challenge_method: 'S256',
  }
  for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value)
  location.assign(address)
}

function journeyUnderWay(): Journey | undefined {
  const kept = sessionStorage.getItem(JOURNEY_KEY)
  sessionStorage.removeItem(JOURNEY_KEY)
  return kept ? (JSON.parse(kept) as Journey) : undefined
}

/** Comes back from it: what stands in the address becomes a session, and is taken out of the address. */
export async function comeBack(): Promise<Session | undefined> {
  const here = new URL(location.href)
  if (!here.searchParams.has('state') || !(here.searchParams.has('code') || here.searchParams.has('error')))
    return undefined
  const journey = journeyUnderWay()
  history.replaceState(null, '', location.pathname + (journey?.hash ?? ''))
  if (!journey)
    throw new SignInError(
      'sign_on_refused',
      'This sign-in was begun in another tab, or is over. Begin again.',
    )
  try {
    return await finish(journey, here)
  } catch (error) {
    if (error instanceof SignInError || error instanceof TypeError) throw error
    throw new SignInError(
      'sign_on_refused',
      'The sign-on did not vouch for you.',
      error instanceof Error ? error.message : '',
    )
  }
}

async function finish(journey: Journey, here: URL): Promise<Session> {
  const { account, login, stay } = journey
  const oauth = await load()
  const [server, client] = parties(login)
  const parameters = oauth.validateAuthResponse(server, client, here, journey.state)
  const answer = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    parameters,
    redirectUri(),
    journey.verifier,
    await options(login.token_endpoint),
  )
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, answer, {
    expectedNonce: journey.nonce,
    requireIdToken: true,
  })
  const session = await exchange(account, tokens.id_token ?? '', {
    stay,
    renewal: renewalOf(login, tokens.refresh_token),
  })
  keepSession(session)
  return session
}

function renewalOf(login: Login, refreshToken: string | undefined): Renewal | undefined {
  if (!refreshToken) return undefined
  const { issuer, token_endpoint: tokenEndpoint, client_id: clientId } = login
  return { issuer, tokenEndpoint, clientId, refreshToken }
}

/** What is renewed: the newest that a tab has kept of this sign-in, else what this tab holds. */
function keptRenewal(session: Session, held: Renewal): { renewal: Renewal; kept: boolean } {
  const stored = keptSession(Date.now())
  const kept = stored?.token === session.token && stored.renewal
  return kept ? { renewal: kept, kept: true } : { renewal: held, kept: false }
}

/** One tab at a time, where the browser can: a refresh token that rotates is good for one of them only. */
async function alone<T>(then: () => Promise<T>): Promise<T> {
  const { locks } = navigator as { locks?: LockManager }
  return locks ? await locks.request('deskwire.renewal', then) : await then()
}

/** A new token of the company's, got without the person: for the SDK, whenever its own runs out. */
export function freshSubject(session: Session, held: Renewal): Promise<string> {
  return alone(async () => {
    const { renewal } = keptRenewal(session, held)
    const tokens = await renewed(renewal)
    // Sign-ons rotate refresh tokens: the old one is worth nothing from now on.
    held.refreshToken = tokens.refresh_token ?? renewal.refreshToken
    // Whoever has signed out meanwhile stays so.
    if (keptRenewal(session, held).kept) keepSession({ ...session, renewal: held })
    if (!tokens.id_token) throw new SignInError('sign_on_refused', 'The sign-on gave no token.')
    return tokens.id_token
  })
}

async function renewed(renewal: Renewal): Promise<TokenEndpointResponse> {
  const oauth = await load()
  const { issuer, tokenEndpoint: token_endpoint, clientId: client_id } = renewal
  const [server, client] = parties({ issuer, token_endpoint, client_id })
  const answer = await oauth.refreshTokenGrantRequest(
    server,
    client,
    oauth.None(),
    renewal.refreshToken,
    await options(token_endpoint),
  )
  return oauth.processRefreshTokenResponse(server, client, answer)
}
