/**
 * What the API is about to have, and its schema does not say yet. Each goes to `schema.ts` once the schema has it.
 */
/** A step of a macro. */
export type MacroStep =
  | { do: 'send'; text: string }
  | { do: 'note'; text: string }
  | { do: 'label'; add: string[]; remove: string[] }
  | { do: 'transfer'; to: { agent: string } | { team: string }; note?: string | null }
  | { do: 'assign'; agent: string }
  | { do: 'snooze'; seconds: number }
  | { do: 'close'; reason?: string | null }
  | { do: 'call_bot' }

/** Several things that are done in a conversation by one word. */
export interface Macro {
  name: string
  title: string
  steps: MacroStep[]
}

/** How a figure is spread, in seconds. */
export interface Spread {
  count: number
  mean?: number | null
  p50?: number | null
  p90?: number | null
}

/** What happened on a day (UTC). */
export interface DayReport {
  day: string
  opened: number
  reopened: number
  closed: number
  transferred: number
  waited: Spread
  first_response: Spread
  resolution: Spread
  csat: { count: number; mean?: number | null; scores: number[] }
}

/** A team now. */
export interface LiveTeam {
  team: string
  name: string
  queued: number
  oldest_queued_at?: string | null
  active: number
  online: number
  away: number
  capacity: number
  load: number
}

/** An agent now. */
export interface LiveAgent {
  agent: string
  name: string
  status: 'online' | 'away' | 'offline'
  capacity: number
  load: number
}

/** Everything now. */
export interface LiveReport {
  at: string
  teams: LiveTeam[]
  agents: LiveAgent[]
  today: DayReport
}
