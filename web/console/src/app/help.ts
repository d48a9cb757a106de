/** Whether the help sheet is open: it is asked for from the keyboard, the menu and the palette. */
import { useSyncExternalStore } from 'react'

let open = false
const listeners = new Set<() => void>()

function set(next: boolean): void {
  open = next
  for (const listener of listeners) listener()
}

/** Opens the help sheet. */
export const openHelp = (): void => set(true)
/** Closes it. */
export const closeHelp = (): void => set(false)

/** Whether it is open. */
export function useHelpOpen(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    () => open,
  )
}
