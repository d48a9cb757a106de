/** The lists of conversations: what belongs to each, and how the API is asked for it. */
import type { ListRow } from '@deskwire/sdk'
import type { Params } from '../app/api'
import type { Filters, Sort } from '../app/inboxFilters'
import type { WordKey } from '../app/words'

/** The lists that everybody has; a team's list has the team's id for a name. */
export const VIEWS = ['mine', 'unassigned', 'all', 'bot', 'snoozed', 'closed'] as const

/** One of them. */
export type View = (typeof VIEWS)[number]

/** Its name in the dictionary. */
export const VIEW_WORDS: Record<View, WordKey> = {
  mine: 'inbox.mine',
  unassigned: 'inbox.unassigned',
  all: 'inbox.all',
  bot: 'inbox.bot',
  snoozed: 'inbox.snoozed',
  closed: 'inbox.closed',
}

/** Whether it is one of those that everybody has. */
export function isView(name: string): name is View {
  return VIEWS.some((view) => view === name)
}

/** Whether a transfer of it waits for this agent. */
export function isOfferedTo(row: Pick<ListRow, 'state'>, agent: string, teams: readonly string[]): boolean {
  const to = row.state.status === 'transferring' ? row.state.transfer?.to : undefined
  if (!to) return false
  return 'agent' in to ? to.agent === agent : teams.includes(to.team) && row.state.assignee !== agent
}

/** Who looks: what "mine" and "unassigned" depend on. */
export interface Viewer {
  agent: string
  teams: readonly string[]
  /** Whether they see the queues of all teams. */
  allTeams: boolean
}

/** Whether it is this agent's now, or is offered to them. */
export function isMine(row: Pick<ListRow, 'state'>, viewer: Viewer): boolean {
  const { status, assignee } = row.state
  const has = assignee === viewer.agent && (status === 'active' || status === 'transferring')
  return has || isOfferedTo(row, viewer.agent, viewer.teams)
}

function inView(row: ListRow, view: string, viewer: Viewer): boolean {
  const { status, team } = row.state
  switch (view) {
    case 'mine':
      return isMine(row, viewer)
    case 'unassigned':
      return status === 'queued' && (viewer.allTeams || viewer.teams.includes(team))
    case 'all':
      return status !== 'closed'
    case 'bot':
    case 'snoozed':
    case 'closed':
      return status === view
    default:
      return team === view && status !== 'closed'
  }
}

function passes(row: ListRow, filters: Filters, viewer: Viewer): boolean {
  const { state } = row
  const assignee = filters.assignee === 'me' ? viewer.agent : filters.assignee
  return (
    (!filters.status || state.status === filters.status) &&
    (!filters.team || state.team === filters.team) &&
    (!assignee || state.assignee === assignee) &&
    (!filters.label || (state.labels ?? []).includes(filters.label))
  )
}

/** Whether a row belongs into a list, narrowed by filters. */
export function belongs(row: ListRow, view: string, filters: Filters, viewer: Viewer): boolean {
  // A chosen status takes the place of the list's own: who looks for closed ones among all wants closed ones.
  const placed =
    filters.status && (view === 'all' || !isView(view)) ? inAnyStatus(row, view) : inView(row, view, viewer)
  return placed && passes(row, filters, viewer)
}

function inAnyStatus(row: ListRow, view: string): boolean {
  return view === 'all' || row.state.team === view
}

/** What the API is asked for a list. */
export function paramsOf(view: string, filters: Filters): Params {
  const { q, status, team, assignee, label } = filters
  const narrowed = { q, team, assignee, label }
  switch (view) {
    case 'mine':
      return { ...narrowed, assignee: 'me', status: status ?? 'active,transferring' }
    case 'unassigned':
      return { ...narrowed, status: 'queued' }
    case 'all':
      return { ...narrowed, status }
    case 'bot':
    case 'snoozed':
    case 'closed':
      return { ...narrowed, status: view }
    default:
      return { ...narrowed, team: view, status }
  }
}

/** Times in RFC 3339 UTC may have fractions of any length: they are compared as times, not as texts. */
const time = (text: string) => Date.parse(text)

const ORDERS: Record<Sort, (a: ListRow, b: ListRow) => number> = {
  newest: (a, b) => time(b.updated) - time(a.updated),
  oldest: (a, b) => time(a.created) - time(b.created),
  waiting: (a, b) => time(a.state.waiting_since) - time(b.state.waiting_since),
  priority: (a, b) =>
    b.state.priority - a.state.priority || time(a.state.waiting_since) - time(b.state.waiting_since),
}

/** The order of a list unless another is chosen: who waits is served as the queue goes. */
export function defaultSort(view: string): Sort {
  return view === 'unassigned' ? 'priority' : 'newest'
}

/** Rows in order; equal ones by id, so that no list jumps. */
export function sorted(rows: Iterable<ListRow>, sort: Sort): ListRow[] {
  const order = ORDERS[sort]
  return [...rows].sort((a, b) => order(a, b) || (a.conversation < b.conversation ? 1 : -1))
}
