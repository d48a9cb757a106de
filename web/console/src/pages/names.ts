import { useMemo } from 'react'
import { useMe, usePage } from '../app/api'
import type { Agent, Inbox, Team } from '../ui/schema'

/** Rows that are read at once where a page needs all of a short list; the API's own bound. */
export const ALL = { limit: 100 } as const

/** What a selection offers. */
export interface Choice {
  value: string
  label: string
}

function useChoices<T extends { id: string; name: string }>(rows: readonly T[]) {
  return useMemo(() => {
    const names = new Map(rows.map((row) => [row.id, row.name]))
    const choices: Choice[] = rows.map((row) => ({ value: row.id, label: row.name }))
    return { names, choices, rows }
  }, [rows])
}

/** The teams, by name. */
export function useTeams() {
  return useChoices(usePage<Team>('/v1/teams', ALL).rows)
}

/** The agents, by name. */
export function useAgents() {
  return useChoices(usePage<Agent>('/v1/agents', ALL).rows)
}

/** The inboxes, by name. */
export function useInboxes() {
  return useChoices(usePage<Inbox>('/v1/inboxes', ALL).rows)
}

/** Whether the one who is signed in may change what the company has set up. */
export function useIsAdmin(): boolean {
  return useMe().role === 'admin'
}
