import { COMMANDS, type Commands } from '../api'

/** A command as it was called: its name, and what came with it. */
export type Call = ArrayLike<unknown>

/** `window.deskwire`: a function in the manner of other chats' snippets, with a method for each command. */
export interface DeskwireFunction extends Commands {
  (name: string, ...args: unknown[]): void
  /** Calls that wait for the widget. The page's own stub, if it has one, keeps them under the same name. */
  q: Call[]
  /** Hands all calls on, those that waited first. */
  connect(hand: (call: Call) => void): void
}

/** Calls that are kept before the widget is there; a page that loops must not fill the memory. */
export const QUEUE_LIMIT = 1_000

/** The function that keeps calls until the widget is there, and hands them on from then. */
export function commandFunction(earlier: Call[] = []): DeskwireFunction {
  const waiting = [...earlier]
  let hand = (call: Call): void => {
    if (waiting.length < QUEUE_LIMIT) waiting.push(call)
  }
  const deskwire = (...call: unknown[]): void => hand(call)
  const methods = COMMANDS.map((name) => [name, (...args: unknown[]) => deskwire(name, ...args)])
  return Object.assign(deskwire, Object.fromEntries(methods) as Commands, {
    q: waiting,
    connect(next: (call: Call) => void): void {
      hand = next
      waiting.splice(0).forEach(next)
    },
  })
}
