/** What narrows and sorts a list of conversations; it stands in the address, so that it can be kept and passed on. */
import type { Status } from '@deskwire/sdk'

/** The orders of a list. */
export const SORTS = ['newest', 'oldest', 'waiting', 'priority'] as const

/** How a list is sorted. */
export type Sort = (typeof SORTS)[number]

/** The statuses, in the order of a conversation's life. */
export const STATUSES = [
  'bot',
  'queued',
  'active',
  'transferring',
  'snoozed',
  'closed',
] as const satisfies Status[]

/** What narrows a list. */
export interface Filters {
  q?: string
  status?: Status
  team?: string
  assignee?: string
  label?: string
  sort?: Sort
}

function one<T extends string>(value: unknown, of: readonly T[]): T | undefined {
  return of.find((known) => known === value)
}

function word(value: unknown): string | undefined {
  // The router reads what looks like a number as one.
  const text = typeof value === 'number' ? String(value) : value
  return typeof text === 'string' && text !== '' ? text : undefined
}

/** Reads what stands in the address; what is not known is left out. */
export function readFilters(search: Record<string, unknown>): Filters {
  const { q, team, assignee, label } = search
  const read: Filters = {}
  const texts = { q: word(q), team: word(team), assignee: word(assignee), label: word(label) }
  for (const [name, value] of Object.entries(texts)) {
    if (value !== undefined) Object.assign(read, { [name]: value })
  }
  const status = one(search.status, STATUSES)
  const sort = one(search.sort, SORTS)
  return { ...read, ...(status && { status }), ...(sort && { sort }) }
}
