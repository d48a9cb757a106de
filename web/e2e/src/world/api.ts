import type { Gateway } from './gateway'

/** What the API answers; a story reads the few fields that it looks at. */
export type Answer = Readonly<Record<string, unknown>>

const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'

async function json(answer: Response, what: string): Promise<Answer> {
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${what} answered ${answer.status}: ${text}`)
  return text ? (JSON.parse(text) as Answer) : {}
}

/** The HTTP API, as one who has signed in at the company uses it. */
export class Api {
  readonly #url: string
  readonly #token: string
  /** `agt_…` or `con_…`. */
  readonly subject: string

  private constructor(url: string, token: string, subject: string) {
    this.#url = url
    this.#token = token
    this.subject = subject
  }

  /** As one of the staff, by the token that the shop's one-click link carries. */
  static async staff(gateway: Gateway, who: string): Promise<Api> {
    const link = await fetch(`${gateway.shop}/console/${who}`, { redirect: 'manual' })
    const token = new URL(link.headers.get('location') ?? '').hash.replace('#subject_token=', '')
    return Api.#exchange(gateway, token, 'agent')
  }

  /** As one of the shop's customers, by the shop's own session. */
  static async customer(gateway: Gateway, customer: string): Promise<Api> {
    const headers = { 'content-type': 'application/json' }
    const session = await fetch(`${gateway.shop}/session/${customer}`, {
      method: 'POST',
      headers,
      body: '{}',
    })
    const { token } = await json(session, 'The shop’s session')
    return Api.#exchange(gateway, String(token), 'visitor')
  }

  /** As a visitor of whom nothing is known. */
  static async visitor(gateway: Gateway): Promise<Api> {
    return Api.#ask(gateway, { grant_type: 'urn:deskwire:grant-type:anonymous' })
  }

  static #exchange(gateway: Gateway, subject_token: string, scope: string): Promise<Api> {
    return Api.#ask(gateway, { grant_type: EXCHANGE, subject_token, scope })
  }

  static async #ask(gateway: Gateway, request: Record<string, string>): Promise<Api> {
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ account: 'acc_demo', ...request })
    const answer = await fetch(`${gateway.url}/v1/token`, { method: 'POST', headers, body })
    const { access_token, subject } = await json(answer, 'POST /v1/token')
    return new Api(gateway.url, String(access_token), String(subject))
  }

  /** Calls the API; a refusal is an error with the server's words. */
  async call(method: string, path: string, body?: unknown): Promise<Answer> {
    const headers = { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' }
    const sent = body === undefined ? {} : { body: JSON.stringify(body) }
    return json(await fetch(`${this.#url}${path}`, { method, headers, ...sent }), `${method} ${path}`)
  }

  /** The rows of a page. */
  async list(path: string): Promise<Answer[]> {
    return (await this.call('GET', path)).data as Answer[]
  }

  /** Does what a socket's frame would do. */
  act(conversation: string, frame: Readonly<Record<string, unknown>>): Promise<Answer> {
    return this.call('POST', `/v1/conversations/${conversation}/actions`, frame)
  }
}
