/** Who is there: the connection tells it, and whatever shows agents takes it from the cache. */
import type { AgentPresence, PresenceStatus } from '@deskwire/sdk'
import { type InfiniteData, type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type PageOf, useDesk } from './api'
import type { Agent } from './schema'

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
  const [problem, setProblem] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const change = async (status?: PresenceStatus, capacity?: number) => {
    setBusy(true)
    setProblem(undefined)
    try {
      const { presence } = await desk.presence(status, capacity)
      if (presence) applyPresence(client, presence)
    } catch (error) {
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }
  return { change, problem, busy }
}
