/** A visitor's client: all that agents have as well. */

import { Core } from './core'
import { browser, type Platform } from './platform'
import { Problem } from './problem'
import type {
  Attachment,
  Author,
  Connection,
  Content,
  Conversation,
  Events,
  HttpOptions,
  Options,
  Pending,
  UploadOptions,
  Welcome,
} from './types'
import { upload } from './upload'

/** A client of Deskwire that does what visitors do; a page for them need not carry the agents' half. */
export class Visitor {
  readonly options: Options
  /** Of this class and the agents' alone. */
  protected readonly core: Core

  constructor(options: Options, platform: Platform = browser()) {
    this.options = options
    this.core = new Core(options, platform)
  }

  /** Where the connection stands. */
  get connection(): Connection {
    return this.core.connection
  }

  /** Who one is, once that is known. */
  get me(): Author | undefined {
    return this.core.me
  }

  /** The server's last answer to `hello`. */
  get welcome(): Welcome | undefined {
    return this.core.welcome
  }

  /** Those that are the person's own now, and those that were opened. */
  get conversations(): ReadonlyMap<string, Conversation> {
    return this.core.conversations.views
  }

  /** A visitor's present conversation. */
  get current(): Conversation | undefined {
    return this.core.conversations.current
  }

  /** All that is to be sent, in order. */
  get outbox(): readonly Pending[] {
    return this.core.outbox.pending
  }

  /** Connects, and keeps connected; again while it waits: tries at once. */
  start(): void {
    this.core.start()
  }

  /** Disconnects. What is to be sent is kept. */
  async stop(): Promise<void> {
    this.core.stop()
  }

  /**
   * Disconnects, and forgets who one is and what was to be sent; in the other tabs too, and all of them are told
   * (`signedOut`). Until `start` is called again, whatever is asked for is refused as `stopped`.
   */
  signOut(): Promise<void> {
    return this.core.signOut()
  }

  /** Who one is, `con_…` or `agt_…`; an anonymous visitor becomes somebody by it. Throws a {@link Problem}. */
  async identity(): Promise<string> {
    return (await this.core.session.get()).subject
  }

  /** A view of a conversation; `open` loads it. */
  conversation(id: string): Conversation {
    return this.core.conversations.view(id)
  }

  /** Says something; resolves when it is kept. Without a conversation: in the visitor's present one, or a new one. */
  send(content: Content, to: { conversation?: string } = {}): Promise<Pending> {
    const conversation = to.conversation ?? this.current?.id
    if (conversation) this.core.signals.sent(conversation)
    const { inbox } = this.options
    return this.core.post({
      action: 'send',
      content,
      ...(conversation ? this.where(conversation) : this.#begin()),
      // Also where there is a conversation: it may be closed for good, and another begins.
      ...(inbox !== undefined && { inbox }),
    })
  }

  /** Presses a card's button: `card` is the seq of its entry, `value` the button's `postback`. */
  postback(conversation: string, card: number, value: string): Promise<Pending> {
    return this.core.post({ action: 'postback', ...this.where(conversation), card, value })
  }

  /** Says how one was served, from 1 to 5. */
  rate(conversation: string, score: number, comment?: string): Promise<Pending> {
    const words = comment ? { comment } : {}
    return this.core.post({ action: 'rate', ...this.where(conversation), score, ...words })
  }

  /** Says whether an answer of the AI agent was good. */
  feedback(conversation: string, entry: number, good: boolean, intent?: string): Promise<Pending> {
    const meant = intent === undefined ? {} : { intent }
    return this.core.post({ action: 'feedback', ...this.where(conversation), entry, good, ...meant })
  }

  /** Sends again what was refused. */
  async retry(clientId: string): Promise<void> {
    await this.core.outbox.retry(clientId)
    this.core.use()
  }

  /** Throws away what was not sent. */
  discard(clientId: string): Promise<void> {
    return this.core.outbox.discard(clientId)
  }

  /** Everything up to `seq` was read; told a little later, and not too often. */
  read(conversation: string, seq: number): void {
    const view = this.core.conversations.view(conversation)
    const self = this.me?.id
    if (self && seq > (view.read[self] ?? 0)) view.acked({ action: 'read', seq })
    this.core.signals.read(conversation, seq)
  }

  /** One types, or no longer; call it with each key. */
  typing(conversation: string, on: boolean): void {
    this.core.signals.typing(conversation, on)
  }

  /** Calls the HTTP API. Throws a {@link Problem}. */
  http<T>(method: string, path: string, body?: unknown, options?: HttpOptions): Promise<T> {
    return this.core.http.call<T>(method, path, body, options)
  }

  /** Uploads a file, for a message's content. */
  upload(file: File | Blob, options?: UploadOptions): Promise<Attachment> {
    return upload(this.core.http, file, options)
  }

  /** An address of a file that lives some minutes. */
  async download(attachment: string | { id: string } | { attachment: string }): Promise<string> {
    const named = typeof attachment === 'string' ? { id: attachment } : attachment
    const id = 'attachment' in named ? named.attachment : named.id
    const { download_url } = await this.core.http.call<Attachment>(
      'GET',
      `/v1/attachments/${encodeURIComponent(id)}`,
    )
    if (!download_url) throw new Problem({ code: 'not_found', message: 'This file cannot be read any more.' })
    return download_url
  }

  /** Calls `handler` with each `event`, until what it answers is called. */
  on<E extends keyof Events>(event: E, handler: (...values: Events[E]) => void): () => void {
    return this.core.emitter.on(event, handler)
  }

  /** What is said first has an id of its own, and comes after nothing. */
  #begin(): { client_id: string; after: number } {
    return { client_id: this.core.platform.uuid(), after: 0 }
  }

  /** What is said in a conversation comes after the last seq that was seen there. */
  protected where(conversation: string): { client_id: string; after: number; conversation: string } {
    const after = this.core.conversations.view(conversation).log.last ?? 0
    return { ...this.#begin(), after, conversation }
  }
}
