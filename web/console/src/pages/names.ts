import { useMemo } from 'react'
import { useMe } from '../app/api'
import { useDirectory } from '../chat/ChatProvider'

/** What a selection offers. */
export interface Choice {
  value: string
  label: string
}

/** Names by id, and as a selection offers them. */
interface Choices {
  names: ReadonlyMap<string, string>
  choices: Choice[]
}

function useChoices(known: ReadonlyMap<string, { name: string }>): Choices {
  return useMemo(() => {
    const choices = [...known].map(([value, { name }]) => ({ value, label: name }))
    return { names: new Map(choices.map(({ value, label }) => [value, label])), choices }
  }, [known])
}

/** The teams, by name. */
export function useTeams(): Choices {
  return useChoices(useDirectory().teams)
}

/** The agents, by name. */
export function useAgents(): Choices {
  return useChoices(useDirectory().agents)
}

/** The inboxes, by name. */
export function useInboxes(): Choices {
  return useChoices(useDirectory().inboxes)
}

/** Whether the one who is signed in may change what the company has set up. */
export function useIsAdmin(): boolean {
  return useMe().role === 'admin'
}
