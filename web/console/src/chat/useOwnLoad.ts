import { useMe } from '../app/api'
import { useLiveRows } from './ChatProvider'

/** Conversations that the agent has now: counted in the rows, which are live. */
export function useOwnLoad(): number {
  const { agent } = useMe()
  const { rows } = useLiveRows()
  let load = 0
  for (const { state } of rows.all()) {
    const serves = state.status === 'active' || state.status === 'transferring'
    if (serves && state.assignee === agent.id) load += 1
  }
  return load
}
