/** Who is there: the connection tells it, and whatever shows agents takes it from the cache. */
import type { AgentPresence, PresenceStatus } from '@deskwire/sdk'
import { type InfiniteData, type QueryClient, useQueryClient } from '@tanstack/react-query'
import type { Agent } from '../ui/schema'
import { useTask } from '../ui/useTask'
import { type PageOf, useDesk } from './api'

const AGENTS = '/v1/agents'

/** Writes an agent's presence into all that was read about agents. */
export function applyPresence(client: QueryClient, presence: AgentPresence): void {
  const { agent: id, status, capacity, load } = presence
  const now = (agent: Agent): Agent => (agent.id === id ? { ...agent, status, capacity, load } : agent)
  client.setQueryData<Agent>([`${AGENTS}/${id}`, {}], (known) => known && now(known))
  client.setQueriesData<InfiniteData<PageOf<Agent>>>(
    { queryKey: [AGENTS] },
    (known) =>
      known && { ...known, pages: known.pages.map((page) => ({ ...page, data: page.data.map(now) })) },
  )
}

/** Changes one's presence, and says why where that was refused. */
export function usePresence() {
  const desk = useDesk()
  const client = useQueryClient()
  const { run, problem, busy } = useTask()
  const change = (status?: PresenceStatus, capacity?: number) =>
    run(async () => {
      const { presence } = await desk.presence(status, capacity)
      if (presence) applyPresence(client, presence)
    })
  return { change, problem, busy }
}
