/**
 * What may be done with a conversation as it stands. The server decides (`shared/domain/src/permission.rs`); this only
 * keeps away what it would refuse.
 */
import type { State } from '@deskwire/sdk'
import type { Role } from '../../ui/schema'
import { isOfferedTo, type Viewer } from '../views'

/** What may be done. */
export interface May {
  accept: boolean
  decline: boolean
  reply: boolean
  transfer: boolean
  assign: boolean
  snooze: boolean
  close: boolean
  reopen: boolean
  callBot: boolean
}

/** What this agent may do. */
export function may(state: State, viewer: Viewer, role: Role): May {
  const { status } = state
  const leads = role !== 'agent'
  const free = status === 'queued' || status === 'bot'
  const open = status !== 'closed'
  /** It is theirs to act on: their own, or they lead. */
  const own = leads || isHeldBy(state, viewer.agent)
  const offered = isOfferedTo({ state }, viewer.agent, viewer.teams)
  const waits = status === 'queued' && (leads || viewer.teams.includes(state.team))
  return {
    // Whatever the AI agent has, any agent may take over.
    accept: offered || waits || status === 'bot',
    decline: offered && isForAgent(state),
    reply: open && own,
    transfer: status === 'active' && own,
    assign: (open && own) || status === 'queued',
    snooze: status === 'active' && own,
    close: open && (own || free),
    reopen: status === 'closed',
    callBot: ['queued', 'active', 'snoozed'].includes(status) && (own || free),
  }
}

function isHeldBy({ status, assignee }: State, agent: string): boolean {
  return assignee === agent && status !== 'queued' && status !== 'bot' && status !== 'closed'
}

function isForAgent({ transfer }: State): boolean {
  return transfer?.to !== undefined && 'agent' in transfer.to
}
