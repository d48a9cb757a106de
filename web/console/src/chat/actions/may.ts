/**
 * What may be done with a conversation as it stands. The server decides (`shared/domain/src/permission.rs`); this only
 * keeps away what it would refuse.
 */
import type { State } from '@deskwire/sdk'
import type { Role } from '../../app/schema'
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
  const leads = role !== 'agent'
  const { status } = state
  const held = status === 'active' || status === 'transferring' || status === 'snoozed'
  const mine = held && state.assignee === viewer.agent
  const offered = isOfferedTo({ state }, viewer.agent, viewer.teams)
  const toMe = offered && state.transfer?.to !== undefined && 'agent' in state.transfer.to
  const free = status === 'queued' || status === 'bot'
  const open = status !== 'closed'
  return {
    accept: offered || (status === 'queued' && (leads || viewer.teams.includes(state.team))),
    decline: toMe,
    reply: open && (mine || leads),
    transfer: status === 'active' && (mine || leads),
    assign: (open && (mine || leads)) || status === 'queued',
    snooze: status === 'active' && (mine || leads),
    close: open && (mine || leads || free),
    reopen: status === 'closed',
    callBot: (status === 'queued' || status === 'active' || status === 'snoozed') && (mine || leads || free),
  }
}
