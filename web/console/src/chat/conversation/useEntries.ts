import type { Conversation, EntryView } from '@deskwire/sdk'
import { useCallback, useEffect, useRef, useState } from 'react'

/** Entries of one read: some screens full; the API gives at most a hundred. */
const PAGE = 50
/** Milliseconds that the list must rest before pages are read: dragging the bar through years reads nothing between. */
const REST_MS = 90

/** Any entry of a log, read when it comes into view. */
export interface Entries {
  /** The entry at a seq, if it is here. */
  at: (seq: number) => EntryView | undefined
  /** These come into view: read what is missing. */
  want: (from: number, to: number) => void
  /** Why a page could not be read. */
  problem: unknown
}

/** Random access to a log of any length: the newest run is with the SDK, anything else comes by pages. */
export function useEntries(conversation: Conversation): Entries {
  const pages = useRef(new Map<number, EntryView[] | 'asked'>())
  const [, redraw] = useState(0)
  const [problem, setProblem] = useState<unknown>()
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])

  const at = useCallback(
    (seq: number) => {
      const { entries } = conversation
      const first = entries[0]?.seq ?? Number.POSITIVE_INFINITY
      if (seq >= first) return entries[seq - first]
      const page = pages.current.get(Math.floor((seq - 1) / PAGE))
      return Array.isArray(page) ? page[(seq - 1) % PAGE] : undefined
    },
    [conversation],
  )

  const read = useCallback(
    async (page: number) => {
      pages.current.set(page, 'asked')
      try {
        pages.current.set(page, await conversation.page(page * PAGE, PAGE))
        setProblem(undefined)
      } catch (error) {
        pages.current.delete(page)
        setProblem(error)
      }
      redraw((count) => count + 1)
    },
    [conversation],
  )

  const want = useCallback(
    (from: number, to: number) => {
      clearTimeout(timer.current)
      timer.current = setTimeout(() => {
        for (let seq = from; seq <= to; seq += 1) {
          const page = Math.floor((seq - 1) / PAGE)
          if (!at(seq) && !pages.current.has(page)) void read(page)
        }
      }, REST_MS)
    },
    [at, read],
  )

  return { at, want, problem }
}
