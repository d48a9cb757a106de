import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useApi, useDesk } from '../app/api'
import type { LiveReport } from '../ui/schema'

const PATH = '/v1/reports/live'

/** Milliseconds between two looks while the page is visible: frames tell sooner of what changes, so this is for the clocks. */
const POLL_MS = 10_000

/** Milliseconds for which frames are gathered before they ask for a look: a burst of changes is one. */
const GATHER_MS = 700

/** Looks that the trend keeps: ten minutes of them. */
const KEPT = 600_000 / POLL_MS

/** One look's point of the trend. */
export interface Point {
  at: number
  queued: number
}

/**
 * The board's figures: asked for each ten seconds while the page is seen, and sooner when a frame says that somebody
 * came, went or waits. They are the server's own; nothing is counted here.
 */
export function useLive() {
  const api = useApi()
  const client = useQueryClient()
  const desk = useDesk()
  const query = useQuery({
    queryKey: [PATH, {}],
    queryFn: () => api<LiveReport>('GET', PATH),
    refetchInterval: POLL_MS,
    refetchIntervalInBackground: false,
    refetchOnWindowFocus: true,
    staleTime: 0,
  })
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const soon = () => {
      // Whoever comes back to the tab gets a new look at once.
      if (document.hidden) return
      timer ??= setTimeout(() => {
        timer = undefined
        void client.invalidateQueries({ queryKey: [PATH] })
      }, GATHER_MS)
    }
    const stops = [desk.on('presence', soon), desk.on('inbox', soon)]
    return () => {
      clearTimeout(timer)
      for (const stop of stops) stop()
    }
  }, [client, desk])
  return { ...query, trend: useTrend(query.data) }
}

function useTrend(report: LiveReport | undefined): Point[] {
  const [points, setPoints] = useState<Point[]>([])
  const last = useRef<string>(undefined)
  useEffect(() => {
    if (!report || last.current === report.at) return
    last.current = report.at
    const queued = report.teams.reduce((sum, team) => sum + team.queued, 0)
    setPoints((before) => [...before, { at: new Date(report.at).getTime(), queued }].slice(-KEPT))
  }, [report])
  return points
}
