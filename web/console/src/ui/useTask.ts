import { useCallback, useState } from 'react'

/** Something that is done once at a time, and says where it failed. */
export interface Task {
  /** Does it; whether it was done. */
  run: (work: () => Promise<unknown>) => Promise<boolean>
  busy: boolean
  problem: unknown
  /** The person has read why. */
  clear: () => void
}

/** For whatever a button does with the server. */
export function useTask(): Task {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<unknown>()
  const run = useCallback(async (work: () => Promise<unknown>) => {
    setBusy(true)
    setProblem(undefined)
    try {
      await work()
      return true
    } catch (error) {
      setProblem(error)
      return false
    } finally {
      setBusy(false)
    }
  }, [])
  const clear = useCallback(() => setProblem(undefined), [])
  return { run, busy, problem, clear }
}
