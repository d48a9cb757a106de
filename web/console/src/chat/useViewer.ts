import { useMemo } from 'react'
import { useMe } from '../app/api'
import type { Viewer } from './views'

/** Who looks at lists. */
export function useViewer(): Viewer {
  const { agent, role } = useMe()
  return useMemo(
    () => ({ agent: agent.id, teams: agent.teams ?? [], allTeams: role !== 'agent' }),
    [agent.id, agent.teams, role],
  )
}
