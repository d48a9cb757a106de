/** Where an outbox lies: in IndexedDB, so that it survives a reload, or in memory where that is not to be had. */

import { type IDBPDatabase, openDB } from 'idb'
import type { ProblemData } from './problem'
import type { ActionFrame, OutboxAction } from './types'

/** A frame that an outbox carries. */
export type OutboxFrame = Extract<ActionFrame, { action: OutboxAction }>

/** Something that is to be sent. */
export interface Item {
  clientId: string
  /** Its place: what was composed first is sent first. */
  order: number
  at: number
  /** Whose it is, once that is known. */
  subject?: string
  /** As it is sent; a resend is the same to the letter. */
  frame: OutboxFrame
  /** It may be stored already: it was sent, and no answer has come. */
  tried: boolean
  refused: boolean
  /** Why it was refused, or not sent yet. */
  problem?: ProblemData
}

/** Keeps items. */
export interface OutboxStore {
  all(): Promise<Item[]>
  put(item: Item): Promise<void>
  remove(clientId: string): Promise<void>
}

const TABLE = 'outbox'

/** Forgets with the page. */
export class MemoryStore implements OutboxStore {
  readonly #items = new Map<string, Item>()

  async all(): Promise<Item[]> {
    return structuredClone([...this.#items.values()])
  }

  async put(item: Item): Promise<void> {
    this.#items.set(item.clientId, structuredClone(item))
  }

  async remove(clientId: string): Promise<void> {
    this.#items.delete(clientId)
  }
}

/** Keeps items in IndexedDB; where that fails (private windows, a full disk), as long as the page lives. */
export class DurableStore implements OutboxStore {
  readonly #memory = new MemoryStore()
  readonly #database: Promise<IDBPDatabase | undefined>

  constructor(name: string) {
    this.#database = openDB(name, 1, {
      upgrade: (database) => {
        database.createObjectStore(TABLE, { keyPath: 'clientId' })
      },
      // A newer version of this program in another tab wants to change it: it goes first.
      blocking: (_now, _wanted, event) => (event.target as IDBDatabase).close(),
    }).catch(() => undefined)
  }

  async all(): Promise<Item[]> {
    const kept: Item[] = await this.#try((database) => database.getAll(TABLE), [])
    return [...kept, ...(await this.#memory.all())]
  }

  async put(item: Item): Promise<void> {
    const done = await this.#try((database) => database.put(TABLE, item).then(() => true), false)
    if (!done) await this.#memory.put(item)
  }

  async remove(clientId: string): Promise<void> {
    await this.#memory.remove(clientId)
    await this.#try((database) => database.delete(TABLE, clientId), undefined)
  }

  async #try<T>(use: (database: IDBPDatabase) => Promise<T>, otherwise: T): Promise<T> {
    try {
      const database = await this.#database
      return database ? await use(database) : otherwise
    } catch {
      return otherwise
    }
  }
}
