/**
 * How somebody is signed in, kept through reloads. In `sessionStorage`, which ends with the tab: agents share machines,
 * and a Deskwire token may read every conversation. "Stay signed in" is the person's own choice for `localStorage`.
 */

/** What renews a sign-in at the company's own sign-on, if that gave it out. */
export interface Renewal {
  issuer: string
  tokenEndpoint: string
  clientId: string
  refreshToken: string
}

/** A sign-in. */
export interface Session {
  /** The account. */
  account: string
  /** The Deskwire token. */
  token: string
  /** When it runs out, in milliseconds since 1970. */
  expires: number
  /** Since when, in milliseconds since 1970. */
  since?: number
  /** Kept until signed out. */
  stay: boolean
  /** What renews it at the company. */
  renewal?: Renewal
  /** What renews it at Deskwire, for a shift. */
  refresh?: string
}

const SESSION_KEY = 'deskwire.session'
const ACCOUNT_KEY = 'deskwire.account'
const DEMO_ACCOUNT = 'acc_demo'
const LOCAL_HOSTS = ['localhost', '127.0.0.1', '[::1]']

function isSession(value: unknown): value is Session {
  if (typeof value !== 'object' || value === null) return false
  const { account, token, expires } = value as Partial<Record<keyof Session, unknown>>
  return typeof account === 'string' && typeof token === 'string' && typeof expires === 'number'
}

function parse(text: string | null): Session | undefined {
  if (!text) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return isSession(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** The sign-in that was kept, unless it has run out and nothing renews it. */
export function keptSession(now: number): Session | undefined {
  const kept = parse(sessionStorage.getItem(SESSION_KEY)) ?? parse(localStorage.getItem(SESSION_KEY))
  return kept && (kept.expires > now || kept.renewal || kept.refresh) ? kept : undefined
}

/** Keeps a sign-in. */
export function keepSession(session: Session): void {
  forgetSession()
  const storage = session.stay ? localStorage : sessionStorage
  try {
    storage.setItem(SESSION_KEY, JSON.stringify(session))
    localStorage.setItem(ACCOUNT_KEY, session.account)
  } catch {
    // The storage is full or forbidden: the sign-in lives as long as the page.
  }
}

/** Forgets it. */
export function forgetSession(): void {
  sessionStorage.removeItem(SESSION_KEY)
  localStorage.removeItem(SESSION_KEY)
}

/** The account: from the address, or that of the last sign-in, or the demo's on one's own machine. */
export function accountFor(address: Location): string {
  const asked = new URLSearchParams(address.search).get('account')
  const demo = LOCAL_HOSTS.includes(address.hostname) ? DEMO_ACCOUNT : ''
  return asked ?? localStorage.getItem(ACCOUNT_KEY) ?? demo
}
