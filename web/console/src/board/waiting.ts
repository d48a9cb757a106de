import type { LiveTeam } from '../ui/schema'

/** When the one who waits longest began to; nothing where nobody waits. */
export function oldest(teams: readonly LiveTeam[]): string | undefined {
  const times = teams.flatMap((team) => (team.oldest_queued_at ? [team.oldest_queued_at] : []))
  return times.reduce<string | undefined>(
    (first, time) => (first && Date.parse(first) < Date.parse(time) ? first : time),
    undefined,
  )
}

/** Seconds since a time; never fewer than none, for clocks differ. */
export function waited(since: string | null | undefined, now: number): number | undefined {
  return since ? Math.max(0, (now - Date.parse(since)) / 1_000) : undefined
}
