import type { LiveAgent } from '../ui/schema'

/**
 * How much of what the agents who are there may have they do have. Who is away or gone takes no new conversations, so
 * neither their places nor what is in them counts.
 */
export function places(agents: readonly LiveAgent[]): { load: number; capacity: number } {
  const there = agents.filter((agent) => agent.status === 'online')
  return {
    load: there.reduce((total, agent) => total + agent.load, 0),
    capacity: there.reduce((total, agent) => total + agent.capacity, 0),
  }
}
