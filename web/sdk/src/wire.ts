/** Frames to and fro, whether through a socket of one's own or another tab's. */

import type { Ack, ActionFrame, Connection, ServerFrame } from './types'

/** What a wire tells. */
export interface WireListener {
  /** Where it stands. `up` counts the connections: with each new one everything begins with `hello`. */
  moved(connection: Connection, up: number | undefined): void
  /** A frame that nobody asked for. */
  frame(frame: ServerFrame): void
  /** The answer to what another tab asked for; it may hold entries that nobody pushes to this connection. */
  overheard(ack: Ack): void
}

/** The way to the server. */
export interface Wire {
  start(): void
  stop(): void
  /** Sends, and waits for the answer. Throws a `Problem`. */
  request(frame: ActionFrame): Promise<Ack>
  /** Somebody waits: an attempt now, if none is under way. */
  hurry(): void
  /** Is it alive? It may have slept; or, where one is `sure`, something has happened to the network. */
  check(sure: boolean): void
  /** The present connection is of no use, for this reason. */
  fail(problem: unknown): void
}
