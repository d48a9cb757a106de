import { useCallback, useState } from 'react'

/** What somebody is writing in a form, before it is saved. */
export interface Draft<T> {
  value: T
  /** Changes some of it. */
  set: (change: Partial<T>) => void
  /** It differs from what it began as. */
  dirty: boolean
  /** Begins anew: with what was there, or with what is there now. */
  reset: (to?: T) => void
}

/** Keeps a form's values apart from what the server has, so that a refusal or a reload of the list loses nothing. */
export function useDraft<T extends object>(initial: T): Draft<T> {
  const [first, setFirst] = useState(initial)
  const [value, setValue] = useState(initial)
  const set = useCallback((change: Partial<T>) => setValue((before) => ({ ...before, ...change })), [])
  const reset = useCallback(
    (to?: T) => {
      const base = to ?? first
      setFirst(base)
      setValue(base)
    },
    [first],
  )
  return { value, set, reset, dirty: JSON.stringify(value) !== JSON.stringify(first) }
}
