/** Teams' lists that are followed, over any number of connections. */

import type { ActionFrame, ListRow } from './types'
import type { Wire } from './wire'

/** A team's list. */
interface List {
  cursor: string | undefined
}

/** What is told of a list. */
export interface RowChange {
  team: string
  cursor: string
  row: ListRow
}

/** Follows lists. */
export class Lists {
  readonly #lists = new Map<string, List>()
  readonly #wire: Pick<Wire, 'request'>
  readonly #changed: (change: RowChange) => void

  constructor(wire: Pick<Wire, 'request'>, changed: (change: RowChange) => void) {
    this.#wire = wire
    this.#changed = changed
  }

  /** Follows a team's list; answers its rows as they are now. */
  async watch(team: string): Promise<ListRow[]> {
    const list: List = { cursor: undefined }
    this.#lists.set(team, list)
    return this.#read(team, list)
  }

  /** Follows it no longer. */
  async unwatch(team: string): Promise<void> {
    if (this.#lists.delete(team)) await this.#wire.request({ action: 'unwatch', team })
  }

  /** There is a new connection: what changed meanwhile is told. */
  async resume(): Promise<void> {
    for (const [team, list] of this.#lists) {
      // One that may not be watched any more, or a connection that is gone again: the next one begins anew.
      const rows = await this.#read(team, list).catch(() => [])
      for (const row of rows) this.#changed({ team, cursor: list.cursor ?? '', row })
    }
  }

  /** A row has changed. */
  pushed(change: RowChange): void {
    const list = this.#lists.get(change.team)
    if (!list) return
    list.cursor = change.cursor
    this.#changed(change)
  }

  async #read(team: string, list: List): Promise<ListRow[]> {
    const rows = new Map<string, ListRow>()
    for (let more = true; more; ) {
      const since = list.cursor
      const ack = await this.#wire.request({ action: 'watch', team, ...(since !== undefined && { since }) })
      for (const row of ack.list?.rows ?? []) rows.set(row.conversation, row)
      more = ack.list?.more === true && ack.list.cursor !== since
      list.cursor = ack.list?.cursor ?? since
    }
    return [...rows.values()]
  }
}

/** Which tabs of a browser watch a team's list: it is watched no longer when the last of them does not. */
export class Watchers {
  readonly #teams = new Map<string, Set<string>>()
  #up: string | undefined

  /** Hears what a tab asks for over a connection; whether another still watches what this one does not any more. */
  needed(tab: string, frame: ActionFrame, up: string | undefined): boolean {
    if (up !== this.#up) this.#teams.clear()
    this.#up = up
    if (frame.action !== 'watch' && frame.action !== 'unwatch') return false
    const tabs = this.#teams.get(frame.team) ?? new Set()
    this.#teams.set(frame.team, tabs)
    if (frame.action === 'watch') tabs.add(tab)
    else tabs.delete(tab)
    return frame.action === 'unwatch' && tabs.size > 0
  }
}
