/** The one object that a page holds. */

import { Problem } from './problem'
import type {
  Ack,
  ActionFrame,
  Attachment,
  Author,
  Connection,
  Content,
  Conversation,
  Events,
  HttpOptions,
  ListRow,
  Options,
  Pending,
  PresenceStatus,
  UploadOptions,
  Welcome,
} from './types'

const soon = (): never => {
  throw Problem.local('not_connected', 'This part of the SDK is being written.')
}

/** A client of Deskwire: a visitor or an agent. */
export class Deskwire {
  readonly options: Options
  connection: Connection = { state: 'idle' }
  me: Author | undefined
  welcome: Welcome | undefined
  current: Conversation | undefined
  conversations: ReadonlyMap<string, Conversation> = new Map()
  outbox: readonly Pending[] = []

  constructor(options: Options) {
    this.options = options
  }

  start(): void {}
  async stop(): Promise<void> {}
  async signOut(): Promise<void> {}
  conversation(_id: string): Conversation {
    return soon()
  }
  async send(_content: Content, _to?: { conversation?: string }): Promise<Pending> {
    return soon()
  }
  async note(
    _conversation: string,
    _note: { text?: string; content?: Content; mentions?: string[] },
  ): Promise<Pending> {
    return soon()
  }
  async postback(_conversation: string, _card: number, _value: string): Promise<Pending> {
    return soon()
  }
  async rate(_conversation: string, _score: number, _comment?: string): Promise<Pending> {
    return soon()
  }
  async feedback(_conversation: string, _entry: number, _good: boolean, _intent?: string): Promise<Pending> {
    return soon()
  }
  async retry(_clientId: string): Promise<void> {}
  async discard(_clientId: string): Promise<void> {}
  async do(_action: ActionFrame): Promise<Ack> {
    return soon()
  }
  read(_conversation: string, _seq: number): void {}
  typing(_conversation: string, _on: boolean): void {}
  async presence(_status?: PresenceStatus, _capacity?: number): Promise<Ack> {
    return soon()
  }
  async watch(_team: string): Promise<ListRow[]> {
    return soon()
  }
  async unwatch(_team: string): Promise<void> {}
  async http<T>(_method: string, _path: string, _body?: unknown, _options?: HttpOptions): Promise<T> {
    return soon()
  }
  async upload(_file: File | Blob, _options?: UploadOptions): Promise<Attachment> {
    return soon()
  }
  async download(_attachment: string | { id: string } | { attachment: string }): Promise<string> {
    return soon()
  }
  on<E extends keyof Events>(_event: E, _handler: (...values: Events[E]) => void): () => void {
    return () => {}
  }
}
