import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { freshSubject } from '../src/app/oidc'
import { forgetSession, keepSession, keptSession, type Renewal, type Session } from '../src/app/session'
import { Memory } from './memory'

/** What the sign-on is asked to do with a refresh token; each is good once. */
const grant = vi.hoisted(() => vi.fn<(token: string) => Promise<string>>())

vi.mock('oauth4webapi', () => ({
  None: () => undefined,
  refreshTokenGrantRequest: (_server: unknown, _client: unknown, _auth: unknown, token: string) =>
    grant(token),
  processRefreshTokenResponse: async (_server: unknown, _client: unknown, next: string) => ({
    id_token: `id of ${next}`,
    refresh_token: next,
  }),
}))

const renewal: Renewal = {
  issuer: 'https://sso.test',
  tokenEndpoint: 'https://sso.test/token',
  clientId: 'c',
  refreshToken: 'r1',
}
const session: Session = { account: 'acc_1', token: 't', expires: 0, stay: true, renewal }

beforeEach(() => {
  vi.stubGlobal('localStorage', new Memory())
  vi.stubGlobal('sessionStorage', new Memory())
  vi.stubGlobal('navigator', {})
  grant.mockImplementation(async (token) => `r${Number(token.slice(1)) + 1}`)
})
afterEach(() => {
  vi.unstubAllGlobals()
  grant.mockReset()
})

it('a tab renews with what another has kept since, and keeps what came of it', async () => {
  keepSession({ ...session, renewal: { ...renewal, refreshToken: 'r7' } })
  expect(await freshSubject(session, { ...renewal })).toBe('id of r8')
  expect(keptSession(0)?.renewal?.refreshToken).toBe('r8')
})

it('tabs renew one after the other', async () => {
  let before: Promise<unknown> = Promise.resolve()
  const request = (_: string, then: () => Promise<unknown>) => {
    before = before.then(then)
    return before
  }
  vi.stubGlobal('navigator', { locks: { request } })
  keepSession(session)
  await Promise.all([freshSubject(session, { ...renewal }), freshSubject(session, { ...renewal })])
  expect(grant.mock.calls).toEqual([['r1'], ['r2']])
})

it('who signs out meanwhile, or is somebody else by now, stays so', async () => {
  keepSession(session)
  grant.mockImplementation(async () => {
    forgetSession()
    return 'r2'
  })
  await freshSubject(session, { ...renewal })
  expect(keptSession(0)).toBeUndefined()

  const other = { ...session, token: 'other' }
  keepSession(other)
  const held = { ...renewal }
  grant.mockImplementation(async () => 'r2')
  await freshSubject(session, held)
  expect(keptSession(0)).toEqual(other)
  expect(held.refreshToken).toBe('r2')
})
