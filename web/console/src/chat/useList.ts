import type { ListRow } from '@deskwire/sdk'
import { useEffect, useMemo } from 'react'
import { ALL, type Pages, usePage } from '../app/api'
import type { Filters } from '../app/inboxFilters'
import { useDirectory, useLiveRows } from './ChatProvider'
import { useViewer } from './useViewer'
import { belongs, defaultSort, isView, paramsOf, sorted } from './views'

/**
 * Rows of a list that are read without being asked for: they are sorted here, by what the server does not sort by, and
 * three screens of an agent's day fit in. The rest comes by scrolling.
 */
const READ_AHEAD = 300

/** Whether a list is of a team that there is not. */
export function useLostTeam(view: string): boolean {
  const { teams } = useDirectory()
  return !isView(view) && teams.size > 0 && !teams.has(view)
}

/**
 * A list: the pages that the server gives, and whatever the watched teams and the logs have told since. A row that does
 * not belong any more leaves at once, and one that does now comes without a reload.
 */
export function useList(view: string, filters: Filters): Pages<ListRow> {
  const viewer = useViewer()
  const { rows: store, version } = useLiveRows()
  const params = useMemo(() => ({ ...paramsOf(view, filters), ...ALL }), [view, filters])
  const lost = useLostTeam(view)
  const pages = usePage<ListRow>(lost ? undefined : '/v1/conversations', params)
  const { rows: read, more, loadingMore, problem, loadMore } = pages

  useEffect(() => store.put(read), [store, read])
  const searching = filters.q !== undefined
  useEffect(() => {
    if (more && !loadingMore && !problem && !searching && read.length < READ_AHEAD) loadMore()
  }, [more, loadingMore, problem, searching, read.length, loadMore])

  const rows = useMemo(() => {
    void version
    // What a search finds only the server knows; without one, all live rows that belong are shown.
    const found = searching ? read.map((row) => store.get(row.conversation) ?? row) : [...store.all()]
    const unstored = searching ? [] : read.filter((row) => !store.get(row.conversation))
    const here = [...found, ...unstored].filter((row) => belongs(row, view, filters, viewer))
    return sorted(here, filters.sort ?? defaultSort(view))
  }, [store, version, read, searching, view, filters, viewer])

  return { ...pages, rows, loading: pages.loading && rows.length === 0 }
}
