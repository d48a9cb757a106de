/** How components speak with Deskwire: the connection, reads through the cache, writes that refresh what they change. */
import type { Deskwire, Problem } from '@deskwire/sdk'
import {
  type UseMutationResult,
  type UseQueryResult,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { useCallback, useContext, useEffect, useMemo } from 'react'
import type { Agent, Role } from '../ui/schema'
import { DeskContext, type Signed } from './deskContext'

/** The methods of the HTTP API. */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Asks the HTTP API; throws a `Problem`. */
export type Api = <T>(method: Method, path: string, body?: unknown) => Promise<T>

/** A page as the API gives it. */
export interface PageOf<T> {
  data: T[]
  next_cursor?: string | null
}

/** Query parameters; what is undefined or empty is left out. */
export type Params = Readonly<Record<string, string | number | undefined>>

/** A list that grows page by page. */
export interface Pages<T> {
  /** The rows that are here. */
  rows: T[]
  /** Nothing has come yet. */
  loading: boolean
  /** Why it could not be read. */
  problem: Problem | undefined
  /** There are more. */
  more: boolean
  /** More are on their way. */
  loadingMore: boolean
  /** Gets the next page. */
  loadMore: () => void
  /** Reads it anew. */
  reload: () => void
}

/** A write; also says which lists and things are to be read again. */
export interface Save {
  method: Exclude<Method, 'GET'>
  path: string
  body?: unknown
}

/**
 * Pages that one read passes over when they are empty: a search may find nothing in many pages and still have more,
 * and a person should not press a button for each; but no read may go on forever.
 */
const EMPTY_PAGES = 10

/** Rows of one read where all of a list is wanted: the API's most. */
export const ALL = { limit: 100 } as const

/** Rows of a list that are read without being asked for: of what people set up, nobody has more. */
const MOST_ROWS = 1_000

/** Everything about who is signed in. */
export function useSigned(): Signed {
  const signed = useContext(DeskContext)
  if (!signed) throw new Error('This part is drawn only for somebody who is signed in.')
  return signed
}

/** The connection. */
export function useDesk(): Deskwire {
  return useSigned().desk
}

/** The agent who is signed in, and what they may do. */
export function useMe(): { agent: Agent; role: Role } {
  const { agent } = useSigned()
  return { agent, role: agent.role }
}

/** Asks the HTTP API. */
export function useApi(): Api {
  const desk = useDesk()
  return useCallback(
    <T>(method: Method, path: string, body?: unknown) => desk.http<T>(method, path, body),
    [desk],
  )
}

/** A path with its query. */
export function pathWith(path: string, params: Params = {}): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined && value !== '') query.set(name, String(value))
  }
  const text = query.toString()
  return text ? `${path}?${text}` : path
}

async function page<T>(
  api: Api,
  path: string,
  params: Params,
  cursor: string | undefined,
): Promise<PageOf<T>> {
  let next = cursor
  for (let turn = 0; ; turn += 1) {
    const found = await api<PageOf<T>>('GET', pathWith(path, { ...params, cursor: next }))
    if (found.data.length > 0 || !found.next_cursor || turn === EMPTY_PAGES) return found
    next = found.next_cursor
  }
}

/** A list, page by page. An undefined path reads nothing yet. */
export function usePage<T>(path: string | undefined, params: Params = {}): Pages<T> {
  const api = useApi()
  const query = useInfiniteQuery<
    PageOf<T>,
    Problem,
    T[],
    readonly [string | undefined, Params],
    string | undefined
  >({
    queryKey: [path, params],
    enabled: path !== undefined,
    queryFn: ({ pageParam }) => page<T>(api, path ?? '', params, pageParam),
    initialPageParam: undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    select: (data) => data.pages.flatMap((one) => one.data),
  })
  const { data, isLoading, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = query
  return useMemo(
    () => ({
      rows: data ?? [],
      loading: isLoading,
      problem: error ?? undefined,
      more: hasNextPage,
      loadingMore: isFetchingNextPage,
      loadMore: () => void fetchNextPage(),
      reload: () => void refetch(),
    }),
    [data, isLoading, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch],
  )
}

/** A whole list: page after page is read without being asked for. */
export function useAll<T>(path: string | undefined): Pages<T> {
  const list = usePage<T>(path, ALL)
  const { rows, more, loadingMore, problem, loadMore } = list
  useEffect(() => {
    if (more && !loadingMore && !problem && rows.length < MOST_ROWS) loadMore()
  }, [more, loadingMore, problem, rows.length, loadMore])
  return list
}

/** One thing. An undefined path reads nothing yet. */
export function useOne<T>(path: string | undefined, params: Params = {}): UseQueryResult<T, Problem> {
  const api = useApi()
  return useQuery<T, Problem>({
    queryKey: [path, params],
    enabled: path !== undefined,
    queryFn: () => api<T>('GET', pathWith(path ?? '', params)),
  })
}

/**
 * Writes, and then reads again whatever is under the paths that it changes: `useSave<Team, TeamChange>((body) =>
 * ({ method: 'POST', path: '/v1/teams', body }), ['/v1/teams'])`. Its `error` is a `Problem`, to be shown beside.
 */
export function useSave<Answer, Input = void>(
  save: (input: Input) => Save,
  changes: readonly string[],
): UseMutationResult<Answer, Problem, Input> {
  const api = useApi()
  const client = useQueryClient()
  return useMutation<Answer, Problem, Input>({
    mutationFn: (input) => {
      const { method, path, body } = save(input)
      return api<Answer>(method, path, body)
    },
    onSuccess: () =>
      client.invalidateQueries({
        predicate: ({ queryKey: [path] }) =>
          typeof path === 'string' &&
          changes.some((changed) => path === changed || path.startsWith(`${changed}/`)),
      }),
  })
}
