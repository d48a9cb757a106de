import { useEffect, useState } from 'react'

/** How often times that are written as "3 minutes ago" are written anew: their smallest unit is a minute. */
const TICK_MS = 30_000

const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

/** The time now, again each half minute; one timer for all who show it. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const listener = () => setNow(Date.now())
    listeners.add(listener)
    timer ??= setInterval(() => {
      for (const each of listeners) each()
    }, TICK_MS)
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0) {
        clearInterval(timer)
        timer = undefined
      }
    }
  }, [])
  return now
}

/** Seconds left of a wait that begins when `what` changes. */
export function useCountdown(what: unknown, seconds: number | undefined): number {
  const [left, setLeft] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another refusal begins another wait, though it be as long
  useEffect(() => {
    setLeft(Math.ceil(seconds ?? 0))
    if (!seconds) return
    const ticking = setInterval(() => setLeft((before) => Math.max(0, before - 1)), 1_000)
    return () => clearInterval(ticking)
  }, [what, seconds])
  return left
}

/** The time now, again each second while it is `on`: for times that are watched as they grow or run out. */
export function useSecond(on = true): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (!on) return
    setNow(Date.now())
    const ticking = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(ticking)
  }, [on])
  return now
}
