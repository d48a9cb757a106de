/** Where an outbox lies: in IndexedDB, so that it survives a reload, or in memory where that is not to be had. */

import type { Platform } from './platform'
import type { ProblemData } from './problem'
import type { OutboxFrame } from './types'

/** Something that is to be sent. */
export interface Item {
  clientId: string
  /** Its place: what was composed first is sent first. */
  order: number
  at: number
  /** Whose it is, as far as that was known: `con_…` or `agt_…`, else what the session took for a hint. */
  subject?: string
  /** As it is sent; a resend is the same to the letter. */
  frame: OutboxFrame
  refused: boolean
  /** Why it was refused, or not sent yet. */
  problem?: ProblemData
}

/** Keeps items. */
export interface OutboxStore {
  all(): Promise<Item[]>
  put(item: Item): Promise<void>
  remove(clientId: string): Promise<void>
  /** Removes all of these for certain, even if the page is left before they are gone. */
  clear(clientIds: readonly string[]): Promise<void>
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

  async clear(): Promise<void> {
    this.#items.clear()
  }
}

/** Keeps items in IndexedDB; where that fails (private windows, a full disk), as long as the page lives. */
export class DurableStore implements OutboxStore {
  readonly #memory = new MemoryStore()
  readonly #database: Promise<IDBDatabase>
  readonly #platform: Pick<Platform, 'kept' | 'keep'>
  /** Under which the ids are kept of what is to be gone. */
  readonly #gone: string

  constructor(factory: IDBFactory, platform: Pick<Platform, 'kept' | 'keep'>, name: string) {
    this.#platform = platform
    this.#gone = `${name}:gone`
    this.#database = opened(factory, name)
    this.#database.catch(() => {})
  }

  async all(): Promise<Item[]> {
    const gone = this.#platform.kept(this.#gone)
    if (gone) await this.clear(gone.split(' '))
    const kept = await this.#use('readonly', (table) => table.getAll() as IDBRequest<Item[]>)
    return [...(kept ?? []), ...(await this.#memory.all())]
  }

  async put(item: Item): Promise<void> {
    const key = await this.#use('readwrite', (table) => table.put(item))
    if (key === undefined) await this.#memory.put(item)
  }

  async remove(clientId: string): Promise<void> {
    await this.#memory.remove(clientId)
    await this.#use('readwrite', (table) => table.delete(clientId))
  }

  async clear(clientIds: readonly string[]): Promise<void> {
    if (clientIds.length === 0) return
    this.#platform.keep(this.#gone, clientIds.join(' '))
    await Promise.all(clientIds.map((clientId) => this.remove(clientId)))
    this.#platform.keep(this.#gone, undefined)
  }

  /** What the request gives once its transaction is on disk; `undefined` where it failed. */
  async #use<T>(
    mode: IDBTransactionMode,
    ask: (table: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T | undefined> {
    try {
      const transaction = (await this.#database).transaction(TABLE, mode)
      const request = ask(transaction.objectStore(TABLE))
      await new Promise<void>((done, fail) => {
        transaction.oncomplete = () => done()
        transaction.onabort = transaction.onerror = () => fail(transaction.error)
      })
      return request.result
    } catch {
      return undefined
    }
  }
}

function opened(factory: IDBFactory, name: string): Promise<IDBDatabase> {
  return new Promise((done, fail) => {
    const request = factory.open(name, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(TABLE, { keyPath: 'clientId' })
    request.onerror = () => fail(request.error)
    request.onsuccess = () => {
      // Another tab, with a newer version of this program, wants to change it: it goes first.
      request.result.onversionchange = () => request.result.close()
      done(request.result)
    }
  })
}
