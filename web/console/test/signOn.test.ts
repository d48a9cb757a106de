import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { keepSession, keptSession } from '../src/app/session'
import {
  endOf,
  isAccessToken,
  noteSignOut,
  resumedSession,
  SignInError,
  signInWith,
  signOnOf,
} from '../src/app/signOn'
import { Memory } from './memory'

function jwt(header: object, payload: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part(header)}.${part(payload)}.c2ln`
}

beforeEach(() => {
  vi.stubGlobal('localStorage', new Memory())
  vi.stubGlobal('sessionStorage', new Memory())
})
afterEach(() => vi.unstubAllGlobals())

const SOON = Math.floor(Date.now() / 1_000) + 3_600

describe('a pasted token', () => {
  it('of Deskwire is used as it is', async () => {
    const token = jwt({ typ: 'at+jwt' }, { iss: 'deskwire', sub: 'agt_1', exp: SOON })
    expect(isAccessToken(token)).toBe(true)
    expect(await signInWith('acc_1', ` ${token}\n`, true)).toMatchObject({
      token,
      expires: SOON * 1_000,
      stay: true,
    })
  })

  it('of Deskwire that has run out is refused here', async () => {
    const token = jwt({ typ: 'at+jwt' }, { iss: 'deskwire', sub: 'agt_1', exp: 1 })
    await expect(signInWith('acc_1', token, false)).rejects.toMatchObject({ code: 'token_expired' })
  })

  it('of the company is exchanged; a refusal keeps its code and detail', async () => {
    const problem = { code: 'sign_on_refused', title: 'Not accepted.', detail: 'expired' }
    const asked = vi.fn(async () => Response.json(problem, { status: 401, headers: { 'retry-after': '7' } }))
    vi.stubGlobal('fetch', asked)
    const refused = await signInWith('acc_1', 'x.y.z', false).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(SignInError)
    expect(refused).toMatchObject({ code: 'sign_on_refused', detail: 'expired', retryAfter: 7 })
    expect(asked).toHaveBeenCalledWith('/v1/token', expect.objectContaining({ method: 'POST' }))
  })
})

describe('the ways to sign in', () => {
  it('of an account that there is not are refused as such', async () => {
    const problem = { code: 'not_found', title: 'There is no such thing.' }
    const asked = vi.fn(async () => Response.json(problem, { status: 404 }))
    vi.stubGlobal('fetch', asked)
    await expect(signOnOf('acc_nope')).rejects.toMatchObject({ code: 'not_found' })
    expect(asked).toHaveBeenCalledWith('/v1/sign-on?account=acc_nope', expect.anything())
  })
})

describe('a session', () => {
  const session = { account: 'acc_1', token: 't', expires: 1_000, stay: false }

  it('ends with the tab unless one stays signed in', () => {
    keepSession(session)
    expect(sessionStorage.getItem('deskwire.session')).not.toBeNull()
    expect(localStorage.getItem('deskwire.session')).toBeNull()
    keepSession({ ...session, stay: true })
    expect(sessionStorage.getItem('deskwire.session')).toBeNull()
    expect(keptSession(0)).toMatchObject({ stay: true })
  })

  it('that has run out is no session, unless the sign-on renews it', () => {
    keepSession(session)
    expect(keptSession(999)).toBeDefined()
    expect(keptSession(1_001)).toBeUndefined()
    const renewal = { issuer: 'i', tokenEndpoint: 't', clientId: 'c', refreshToken: 'r' }
    keepSession({ ...session, renewal })
    expect(keptSession(1_001)).toBeDefined()
  })

  it('that cannot be kept lives as long as the page', () => {
    const full = new Memory()
    full.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError')
    }
    vi.stubGlobal('localStorage', full)
    expect(() => keepSession({ ...session, stay: true })).not.toThrow()
  })

  it('ends with what renews it, not with its first token', () => {
    expect(endOf(session)).toBe(1_000)
    const shift = jwt({ typ: 'agent+jwt' }, { iss: 'deskwire', exp: SOON + 13 * 3_600 })
    expect(endOf({ ...session, refresh: shift })).toBe((SOON + 13 * 3_600) * 1_000)
    const renewal = { issuer: 'i', tokenEndpoint: 't', clientId: 'c', refreshToken: 'r' }
    expect(endOf({ ...session, refresh: shift, renewal })).toBe(Number.POSITIVE_INFINITY)
    expect(endOf({ ...session, refresh: 'opaque' })).toBe(Number.POSITIVE_INFINITY)
  })

  it('that slept in a tab while its agent signed out in another is none', () => {
    const token = jwt({ typ: 'at+jwt' }, { sub: 'agt_me', exp: SOON })
    const slept = { ...session, token, expires: SOON * 1_000, since: Date.now() - 1 }
    keepSession(slept)
    noteSignOut('agt_other')
    expect(resumedSession(Date.now())).toEqual(slept)
    noteSignOut('agt_me')
    expect(resumedSession(Date.now())).toBeUndefined()
    expect(keptSession(Date.now())).toBeUndefined()
    const again = { ...slept, since: Date.now() + 1 }
    keepSession(again)
    expect(resumedSession(Date.now())).toEqual(again)
  })

  it('that was tampered with is no session', () => {
    sessionStorage.setItem('deskwire.session', '{"token":1}')
    expect(keptSession(0)).toBeUndefined()
    sessionStorage.setItem('deskwire.session', 'nonsense')
    expect(keptSession(0)).toBeUndefined()
  })
})
