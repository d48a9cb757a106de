/** What a person can do here and now: one list for the command palette and for the keyboard. */
import { useEffect, useSyncExternalStore } from 'react'

/** Where a command stands in the palette. */
export type CommandGroup = 'conversation' | 'go' | 'page' | 'app'

/** Something that can be done. */
export interface Command {
  id: string
  title: string
  group: CommandGroup
  /** Other words by which it is found. */
  also?: string
  /** Its keys: `r`, or one after the other `g m`. */
  keys?: string
  run: () => void
}

const owners = new Map<string, readonly Command[]>()
const listeners = new Set<() => void>()
let all: readonly Command[] = []

function changed(): void {
  all = [...owners.values()].flat()
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** All commands that there are now. */
export function useAllCommands(): readonly Command[] {
  return useSyncExternalStore(subscribe, () => all)
}

/** Offers commands for as long as the component is drawn. `commands` must be stable (`useMemo`). */
export function useCommands(owner: string, commands: readonly Command[]): void {
  useEffect(() => {
    owners.set(owner, commands)
    changed()
    return () => {
      owners.delete(owner)
      changed()
    }
  }, [owner, commands])
}

/** How long the second key of a pair may take, in milliseconds: a slow typist's pause between two letters. */
const PAIR_MS = 1_200

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName)
}

/** Whether something lies over the page that the keys are meant for. */
function isCovered(): boolean {
  // Some lists stay in the page while they are closed.
  const covers = document.querySelectorAll('[role="dialog"], [role="menu"], [role="listbox"]')
  return [...covers].some((cover) => cover.checkVisibility())
}

function keyOf(event: KeyboardEvent): string | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return undefined
  if (isTyping(event.target) || isCovered()) return undefined
  return event.key
}

/** Listens for the keys of all commands. */
export function listenForKeys(): () => void {
  let first: { key: string; at: number } | undefined
  const onKey = (event: KeyboardEvent) => {
    const key = keyOf(event)
    if (!key) return
    const pair = first && event.timeStamp - first.at < PAIR_MS ? `${first.key} ${key}` : undefined
    const command = all.find((one) => one.keys !== undefined && (one.keys === pair || one.keys === key))
    const begins = all.some((one) => one.keys?.startsWith(`${key} `))
    first = command || !begins ? undefined : { key, at: event.timeStamp }
    if (!command) return
    event.preventDefault()
    command.run()
  }
  document.addEventListener('keydown', onKey)
  return () => document.removeEventListener('keydown', onKey)
}
