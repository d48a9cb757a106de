import { COMMANDS, type CommandName, type Commands } from '../api'

/** A command as it was called: its name, and what came with it. */
export type Call = readonly [name: string, ...args: unknown[]]

/** `window.deskwire`: a function in the manner of other chats' snippets, with a method for each command. */
export interface DeskwireFunction extends Commands {
  (name: string, ...args: unknown[]): void
  /** Calls that wait for the widget. The page's own stub, if it has one, keeps them under the same name. */
  q: ArrayLike<unknown>[]
  /** Gives all calls, those that waited first, to the widget. */
  connect(target: Commands, complain: (message: string) => void): void
}

/** Calls that are kept before the widget is there; a page that loops must not fill the memory. */
export const QUEUE_LIMIT = 1_000

function isCommand(name: unknown): name is CommandName {
  return COMMANDS.some((command) => command === name)
}

function called(target: Commands, call: ArrayLike<unknown>, complain: (message: string) => void): void {
  const [name, ...args] = Array.from(call)
  if (!isCommand(name)) {
    complain(`There is no command "${String(name)}". There are: ${COMMANDS.join(', ')}.`)
    return
  }
  try {
    // The page's arguments are of no known type: each command checks what it gets.
    ;(target[name] as (...args: unknown[]) => void)(...args)
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error))
  }
}

/** The function that keeps calls until the widget is there, and hands them on from then. */
export function commandFunction(earlier: ArrayLike<unknown>[] = []): DeskwireFunction {
  let hand: ((call: ArrayLike<unknown>) => void) | undefined
  const waiting: ArrayLike<unknown>[] = [...earlier]
  const deskwire = (...call: unknown[]): void => {
    if (hand) hand(call)
    else if (waiting.length < QUEUE_LIMIT) waiting.push(call)
  }
  const methods = Object.fromEntries(
    COMMANDS.map((name) => [name, (...args: unknown[]) => deskwire(name, ...args)]),
  )
  return Object.assign(deskwire, methods as unknown as Commands, {
    q: waiting,
    connect(target: Commands, complain: (message: string) => void): void {
      hand = (call) => called(target, call, complain)
      for (const call of waiting.splice(0)) hand(call)
    },
  })
}
