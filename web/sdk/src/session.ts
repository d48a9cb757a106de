/** Who one is, and the token that proves it: exchanged, renewed before its end, and an anonymous visitor's kept. */

import type { Http, TokenSource } from './http'
import type { Platform } from './platform'
import { Problem } from './problem'
import type { Credentials, Options, Schemas } from './types'

/** Seconds before its end at which a token is renewed: a frame that is under way must not meet its end. */
const EARLY_SECONDS = 60

/** Seconds that a token of unknown end is trusted; what the server says then counts. */
const UNKNOWN_SECONDS = 600

const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'
const ANONYMOUS = 'urn:deskwire:grant-type:anonymous'
const JWT = 'urn:ietf:params:oauth:token-type:jwt'

/** A token. */
export interface Token {
  access: string
  /** `con_…` or `agt_…`. */
  subject: string
  /** Milliseconds since 1970. */
  expires: number
}

/** An anonymous visitor's identity, as it is kept. */
interface Identity {
  subject: string
  refresh: string
}

/** What a token is asked for with; what is `undefined` is not sent. */
type Grant = { [K in Exclude<keyof Schemas['TokenRequest'], 'account'>]?: string | undefined }

/** The tokens of one identity. */
export class Session implements TokenSource {
  /** Called with each new token. */
  onToken: (token: Token) => void = () => {}
  readonly #platform: Platform
  readonly #http: Http
  readonly #account: string
  readonly #credentials: Credentials
  readonly #key: string
  readonly #kept: boolean
  #identity: Identity | undefined
  #token: Token | undefined
  #asking: Promise<Token> | undefined
  #signedOut = false
  #hint: string | undefined
  /** Counts who one was: what was asked for by whoever was before is of no interest. */
  #who = 0

  constructor(platform: Platform, http: Http, options: Options) {
    this.#platform = platform
    this.#http = http
    this.#account = options.account
    this.#credentials = options.credentials
    this.#key = `deskwire:${options.url}:${options.account}:visitor`
    this.#kept = options.storage !== 'memory'
  }

  /** Whether a token can be had without making a new identity. */
  get known(): boolean {
    return this.#credentials.kind !== 'anonymous' || this.#stored() !== undefined
  }

  /** The token now, renewed where it is about to end. */
  async get(): Promise<Token> {
    this.check()
    const token = this.#token
    if (token && token.expires - EARLY_SECONDS * 1000 > this.#platform.now()) return token
    const asking = this.#asking ?? this.#ask(this.#who)
    this.#asking = asking
    try {
      return await asking
    } finally {
      if (this.#asking === asking) this.#asking = undefined
    }
  }

  async token(): Promise<string> {
    return (await this.get()).access
  }

  refused(access: string): void {
    if (this.#token?.access === access) this.#token = undefined
  }

  /** The token is void, or about to be; the next call gives another. */
  renew(): void {
    this.#token = undefined
  }

  /**
   * Who one probably is, before the server has said it: it tells apart what different people left in one browser. Of a
   * company's person all that is known by then is what its token says.
   */
  get hint(): string | undefined {
    return this.#credentials.kind === 'anonymous' ? this.#stored()?.subject : this.#hint
  }

  /** Throws where somebody has signed out, since one was `who`. */
  check(who = this.#who): void {
    if (this.#signedOut || who !== this.#who) throw Problem.signedOut()
  }

  /** One may be somebody, again. */
  begin(): void {
    this.#signedOut = false
  }

  /**
   * Forgets who one is; there is no token until one begins again. Where that was `heard` of, the other tab has done it
   * with what is stored: by the time a sleeping tab hears, somebody new may stand there.
   */
  forget(heard: boolean): void {
    this.#signedOut = true
    this.#who += 1
    this.#asking = this.#token = this.#hint = undefined
    if (heard) this.#identity = undefined
    else this.#keep(undefined)
  }

  async #ask(who: number): Promise<Token> {
    const token = await this.#obtain(who)
    this.check(who)
    this.#token = token
    this.onToken(token)
    return token
  }

  async #obtain(who: number): Promise<Token> {
    const credentials = this.#credentials
    switch (credentials.kind) {
      case 'access':
        return this.#given(credentials)
      case 'company': {
        const token = await credentials.token()
        const { iss, sub } = claimsOf(token)
        if (sub) this.#hint = `${iss} ${sub}`
        return this.#request(who, {
          grant_type: EXCHANGE,
          subject_token: token,
          subject_token_type: credentials.tokenType ?? JWT,
          identifier: credentials.identifier,
          scope: credentials.scope,
        })
      }
      case 'anonymous':
        // One tab at a time, so that two that begin together become one visitor.
        return this.#alone(() => this.#visitor(who))
    }
  }

  async #visitor(who: number): Promise<Token> {
    const identity = this.#stored()
    if (identity) {
      try {
        return await this.#request(who, { grant_type: 'refresh_token', refresh_token: identity.refresh })
      } catch (problem) {
        if (!(problem instanceof Problem && problem.tokenEnded)) throw problem
        this.check(who)
        // Revoked, or erased: somebody new.
        this.#keep(undefined)
      }
    }
    return this.#request(who, { grant_type: ANONYMOUS })
  }

  async #request(who: number, grant: Grant): Promise<Token> {
    this.check(who)
    const asked = this.#platform.now()
    const request = { ...grant, account: this.#account }
    const answer = await this.#http.call<Schemas['TokenResponse']>('POST', '/v1/token', request, {
      public: true,
    })
    this.check(who)
    if (this.#credentials.kind === 'anonymous' && answer.refresh_token) {
      this.#keep({ subject: answer.subject, refresh: answer.refresh_token })
    }
    return {
      access: answer.access_token,
      subject: answer.subject,
      expires: asked + answer.expires_in * 1000,
    }
  }

  #given(credentials: Extract<Credentials, { kind: 'access' }>): Token {
    const claims = claimsOf(credentials.token)
    const expires = credentials.expires ?? (claims.exp === undefined ? undefined : claims.exp * 1000)
    const now = this.#platform.now()
    if (expires !== undefined && expires <= now) {
      throw new Problem({ code: 'token_expired', message: 'The token has run out. Sign in again.' })
    }
    return {
      access: credentials.token,
      subject: claims.sub ?? '',
      expires: expires ?? now + UNKNOWN_SECONDS * 1000,
    }
  }

  /** What is in memory counts where nothing is kept: the browser may forbid it. */
  #stored(): Identity | undefined {
    const text = this.#kept ? this.#platform.kept(this.#key) : undefined
    try {
      if (text !== undefined) this.#identity = JSON.parse(text) as Identity
    } catch {
      // Not ours: the next identity takes its place.
    }
    return this.#identity
  }

  #keep(identity: Identity | undefined): void {
    this.#identity = identity
    if (this.#kept) this.#platform.keep(this.#key, identity && JSON.stringify(identity))
  }

  async #alone<T>(then: () => Promise<T>): Promise<T> {
    const { locks } = this.#platform
    if (!locks || !this.#kept) return then()
    let began = false
    const held = () => {
      began = true
      return then()
    }
    return locks.request(`${this.#key}:token`, {}, held).catch((reason) => {
      // Locks may be forbidden here (a page in a sandbox).
      if (began) throw reason
      return then()
    })
  }
}

/** A JWT's claims, as far as they are used. */
interface Claims {
  iss?: string
  sub?: string
  exp?: number
}

/** What a JWT says of itself; only a hint, for nobody has checked it here. Nothing, where it cannot be read. */
export function claimsOf(jwt: string): Claims {
  try {
    const part = (jwt.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/')
    return (JSON.parse(atob(part)) ?? {}) as Claims
  } catch {
    return {}
  }
}
