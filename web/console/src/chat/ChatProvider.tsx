import type { ListRow } from '@deskwire/sdk'
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react'
import { useAll, useDesk, useMe } from '../app/api'
import type { Agent, Inbox, LabelDefinition, Team } from '../ui/schema'
import { ownDrafts } from './composer/drafts'
import { follow, Rows } from './rows'
import { useViewer } from './useViewer'
import { WatchedTeams } from './watched'

/** The names behind the ids: small lists that people configure. What is not among them is shown by its id. */
export interface Directory {
  agents: ReadonlyMap<string, Agent>
  teams: ReadonlyMap<string, Team>
  inboxes: ReadonlyMap<string, Inbox>
  labels: ReadonlyMap<string, LabelDefinition>
}

interface Chat {
  rows: Rows
  directory: Directory
}

const ChatContext = createContext<Chat | undefined>(undefined)

/**
 * Teams whose lists are followed. Each is a read and a lease on the server; a supervisor of more teams than these sees
 * the others' lists when they open them.
 */
const WATCHED_TEAMS = 40

function useByKey<T>(rows: readonly T[], key: (row: T) => string): ReadonlyMap<string, T> {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is the same function of a row always
  return useMemo(() => new Map(rows.map((row) => [key(row), row])), [rows])
}

function useWatchedTeams(rows: Rows, teams: readonly string[]): void {
  const desk = useDesk()
  const watched = useMemo(() => new WatchedTeams(desk, rows), [desk, rows])
  const key = teams.join(' ')
  useEffect(() => watched.set(key.split(' ').filter((team) => team !== '')), [watched, key])
  useEffect(() => () => watched.set([]), [watched])
}

/** Holds what all of the chat shares: the rows of lists, kept live, and names. */
export function ChatProvider({ children }: { children: ReactNode }) {
  const desk = useDesk()
  const { agent, role } = useMe()
  const [rows] = useState(() => {
    ownDrafts(agent.id)
    return new Rows()
  })
  const viewer = useViewer()
  useEffect(() => follow(desk, rows, viewer), [desk, rows, viewer])

  const agents = useByKey(useAll<Agent>('/v1/agents').rows, (one) => one.id)
  const teams = useByKey(useAll<Team>('/v1/teams').rows, (one) => one.id)
  const inboxes = useByKey(useAll<Inbox>('/v1/inboxes').rows, (one) => one.id)
  const labels = useByKey(useAll<LabelDefinition>('/v1/labels').rows, (one) => one.name)

  const own = agent.teams ?? []
  const watched = role === 'agent' ? own : [...new Set([...own, ...teams.keys()])]
  useWatchedTeams(rows, watched.slice(0, WATCHED_TEAMS))

  const chat = useMemo(
    () => ({ rows, directory: { agents, teams, inboxes, labels } }),
    [rows, agents, teams, inboxes, labels],
  )
  return <ChatContext.Provider value={chat}>{children}</ChatContext.Provider>
}

function useChat(): Chat {
  const chat = useContext(ChatContext)
  if (!chat) throw new Error('The chat is drawn inside its provider only.')
  return chat
}

/** Names behind ids. */
export function useDirectory(): Directory {
  return useChat().directory
}

/** The store of rows. */
export function useRows(): Rows {
  return useChat().rows
}

/** The store of rows, drawn again with each change. */
export function useLiveRows(): { rows: Rows; version: number } {
  const { rows } = useChat()
  const version = useSyncExternalStore(rows.subscribe, () => rows.version)
  return { rows, version }
}

/** The row of one conversation, drawn again when it changes. */
export function useRow(conversation: string): ListRow | undefined {
  const { rows } = useChat()
  return useSyncExternalStore(rows.subscribe, () => rows.get(conversation))
}
