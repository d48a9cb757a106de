/** The types of the wire, as the protocol's schemas say them, and those that the SDK adds. */

import type { components as Http, paths as HttpPaths } from '../generated/http'
import type { components as Wire } from '../generated/wire'
import type { Problem } from './problem'

/** All bodies of the HTTP API, by their names in the schema: `Schemas['Agent']`. */
export type Schemas = Http['schemas']
/** The paths of the HTTP API. */
export type Paths = HttpPaths

/** An entry, or the place of one that the reader may not see. */
export type EntryView = Wire['schemas']['EntryView']
/** An entry that the reader may see. */
export type Entry = Wire['schemas']['VisibleEntry']
/** What an entry of the type `T` has: `EntryOf<'message'>`. */
export type EntryOf<T extends Entry['type']> = Extract<Entry, { type: T }>
/** The place of an entry that the reader may not see. */
export type HiddenEntry = Wire['schemas']['HiddenEntry']
/** What a message holds. */
export type Content = Wire['schemas']['Content']
/** Content of the kind `K`: `ContentOf<'card'>`. */
export type ContentOf<K extends Content['kind']> = Extract<Content, { kind: K }>
/** Who wrote an entry. */
export type Author = Wire['schemas']['Author']
/** A conversation's state, as its reader may see it. */
export type StateView = Wire['schemas']['StateView']
/** A conversation's state as staff see it. */
export type State = Wire['schemas']['State']
/** Where a conversation stands. */
export type Status = Wire['schemas']['Status']
/** A row of a list of conversations. */
export type ListRow = Wire['schemas']['ListRow']
/** The answer to `hello`. */
export type Welcome = Wire['schemas']['Welcome']
/** An agent's presence. */
export type AgentPresence = Wire['schemas']['AgentPresence']
/** Whether an agent is there. */
export type PresenceStatus = Wire['schemas']['PresenceStatus']
/** A contact. */
export type Contact = Wire['schemas']['Contact']
/** An upload. */
export type Attachment = Schemas['Attachment']
/** The stable codes of refusals. */
export type Code = Wire['schemas']['Code']
/** A refused frame. */
export type ErrorFrame = Wire['schemas']['ErrorFrame']

/** It is done, and stored. */
export type Ack = Wire['schemas']['Ack']

type WithoutRef<F> = F extends unknown ? Omit<F, 'ref'> : never
/** A frame to the server. */
export type ActionFrame = WithoutRef<Wire['schemas']['ClientFrame']>
/** A frame from the server. */
export type ServerFrame = Wire['schemas']['ServerFrame']
/** A frame from the server of the type `T`. */
export type FrameOf<T extends ServerFrame['type']> = Extract<ServerFrame, { type: T }>

/** Somebody mentioned the agent in a note. */
export type Mention = FrameOf<'mention'>

/** How somebody proves who they are. */
export type Credentials =
  /** A visitor of whom nothing is known; an identity is made with the first use, and kept. */
  | { kind: 'anonymous' }
  /** The company vouches: `token` gives its JWT, again whenever the Deskwire token has run out. */
  | {
      kind: 'company'
      token: () => Promise<string>
      scope?: 'visitor' | 'agent'
      /** What `token` gives; a JWT unless said. */
      tokenType?: string
      /** The identifier that an older site's token signs. */
      identifier?: string
    }
  /** A Deskwire token that the caller has already. */
  | { kind: 'access'; token: string; expires?: number }

/** How a {@link Deskwire} is set up. */
export interface Options {
  /** Where the API is, without a path: `https://chat.shop.example`. */
  url: string
  /** The account, `acc_…`. */
  account: string
  /** Who one is. */
  credentials: Credentials
  /** Through which inbox a visitor's new conversations come; the account's first unless said. */
  inbox?: string
  /** Where the outbox and an anonymous identity are kept; `memory` forgets both with the page. */
  storage?: 'indexeddb' | 'memory'
  /** One socket for all tabs of a browser, where it can; true unless said. */
  share?: boolean
  /** Whether `start` waits for the first use where no identity is kept; true for anonymous visitors unless said. */
  lazy?: boolean
}

/** Where the connection stands. `offline`: the browser says that there is no network. */
export interface Connection {
  state: 'idle' | 'connecting' | 'online' | 'waiting' | 'offline' | 'refused'
  /** When the next attempt is made, in milliseconds since 1970. */
  retryAt?: number
  /** Why it is not online. */
  problem?: Problem
}

/** What an outbox carries. */
export type OutboxAction = 'send' | 'note' | 'postback' | 'rate' | 'feedback'

/** A frame that an outbox carries. */
export type OutboxFrame = Extract<ActionFrame, { action: OutboxAction }>

/** Something that is to be sent, and is kept until it is stored. */
export interface Pending {
  readonly clientId: string
  readonly action: OutboxAction
  /** Where; absent for a visitor's first message until a conversation is there. */
  readonly conversation?: string
  /** What is said, for a `send` and a `note`. */
  readonly content?: Content
  /** A note's text. */
  readonly text?: string
  /** All that is sent: which card was pressed, what was thought of which answer. */
  readonly frame: OutboxFrame
  /** When it was composed, in milliseconds since 1970. */
  readonly at: number
  readonly status: 'queued' | 'sending' | 'refused'
  /** Why it was refused, or not sent yet. */
  readonly problem?: Problem
}

/** What the AI agent is writing. */
export interface Streaming {
  /** The `client_id` that its entry will have. */
  turn: string
  text: string
}

/** A conversation as this client knows it. Its fields are replaced, never changed in place. */
export interface Conversation {
  readonly id: string
  /** The log's last seq, as far as is known. */
  readonly head: number
  /** Absent until the server has told it. */
  readonly state: StateView | undefined
  /** In seq order, without a gap; ends at `head` once all is there. */
  readonly entries: readonly EntryView[]
  /** What is to be sent here, in order. */
  readonly pending: readonly Pending[]
  /** How far each has read: `con_…` or `agt_…` → seq. */
  readonly read: Readonly<Record<string, number>>
  /** Up to where a device of the other side has it. */
  readonly delivered: number
  readonly typing: readonly Author[]
  readonly streaming: Streaming | undefined
  /** A waiting visitor's place in the queue; 1 is next. */
  readonly position: number | undefined
  /** Whether there are entries before the first that is here. */
  readonly hasEarlier: boolean
  /** Loads the newest page and follows the conversation; again is harmless. */
  open(): Promise<void>
  /** It is looked at no longer. */
  close(): void
  /** Loads entries before the first that is here. */
  loadEarlier(limit?: number): Promise<void>
  /** Any part of the log, for a list that shows a window of it: at most `limit` entries after `after`. Cached. */
  page(after: number, limit: number): Promise<EntryView[]>
}

/** What happens, and with what the handlers are called. */
export interface Events {
  connection: [Connection]
  /** Something about a conversation has changed. */
  conversation: [Conversation]
  /** An entry that was written while one was here or away: each once, in seq order. */
  entry: [EntryView, Conversation]
  /** The outbox has changed: what, or that it is gone. */
  pending: [Pending, 'changed' | 'gone']
  typing: [Conversation]
  receipt: [Conversation]
  position: [Conversation]
  presence: [AgentPresence]
  inbox: [{ team: string; cursor: string; row: ListRow }]
  contact: [{ conversation: string; contact: Contact }]
  notice: [{ conversation: string; text: string }]
  mention: [Mention]
  delta: [Conversation]
  /** There is a new token; its subject is `con_…` or `agt_…`. */
  token: [{ subject: string; expires: number }]
  /** Somebody signed out, in this tab or another: all is forgotten, and nothing is taken before the next `start`. */
  signedOut: []
}

/** What an HTTP call may be told. */
export interface HttpOptions {
  /** Without a token. */
  public?: boolean
  signal?: AbortSignal
  /** The same key with the same body is done once. */
  idempotencyKey?: string
  /** What `body` is, where it is no JSON value; the body is sent as it is. */
  contentType?: string
}

/** What an upload may be told. */
export interface UploadOptions {
  name?: string
  /** From 0 to 1. */
  onProgress?: (fraction: number) => void
  signal?: AbortSignal
}
