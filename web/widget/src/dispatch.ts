import { COMMANDS, type Commands } from './api'
import type { Call } from './loader/commands'

/** Does what a page called, and complains of what does not exist or fails: the page's mistake is not the chat's end. */
export function dispatch(target: Commands, call: Call, complain: (message: string) => void): void {
  const [called, ...args] = Array.from(call)
  const name = COMMANDS.find((command) => command === called)
  if (!name) {
    complain(`There is no command "${String(called)}".`)
    return
  }
  try {
    // The page's arguments are of no known type: each command checks what it gets.
    ;(target[name] as (...args: unknown[]) => void)(...args)
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error))
  }
}
