/** The teams whose lists are followed. */
import type { Deskwire } from '@deskwire/sdk'
import type { Rows } from './rows'

/** Asks for what is new and gives up what has left; a team that stays is not asked for again. */
export class WatchedTeams {
  readonly #desk: Deskwire
  readonly #rows: Rows
  #teams: ReadonlySet<string> = new Set()

  constructor(desk: Deskwire, rows: Rows) {
    this.#desk = desk
    this.#rows = rows
  }

  /** From now on these. */
  set(teams: readonly string[]): void {
    const before = this.#teams
    this.#teams = new Set(teams)
    for (const team of before) {
      // The two frames of a team that is left and watched at once might be done in any order.
      if (!this.#teams.has(team)) void this.#desk.unwatch(team).catch(() => undefined)
    }
    for (const team of this.#teams) {
      if (before.has(team)) continue
      this.#desk.watch(team).then(
        (list) => this.#rows.put(list),
        // The connection tells of its state itself, and the SDK watches again when it is back.
        () => undefined,
      )
    }
  }
}
