/** State that is shown. What is shown is small, so whatever changes, all of it is looked at again, once for many changes. */

let version = 0
let queued = false
const watchers = new Set<() => void>()

/** Says that something has changed: who watches is told soon, once. */
export function changed(): void {
  version += 1
  if (queued) return
  queued = true
  queueMicrotask(() => {
    queued = false
    for (const watcher of [...watchers]) watcher()
  })
}

/** Calls after changes. Gives what ends it. */
export function watch(watcher: () => void): () => void {
  watchers.add(watcher)
  return () => watchers.delete(watcher)
}

/** A value whose change is a change of what is shown. */
export class Cell<T> {
  #value: T

  constructor(value: T) {
    this.#value = value
  }

  get value(): T {
    return this.#value
  }

  set value(value: T) {
    if (Object.is(value, this.#value)) return
    this.#value = value
    changed()
  }
}

/** A value that follows from others: made when it is read, once between two changes. */
export class Derived<T> {
  readonly #make: () => T
  #at = -1
  #value: T | undefined

  constructor(make: () => T) {
    this.#make = make
  }

  get value(): T {
    if (this.#at !== version) {
      this.#value = this.#make()
      this.#at = version
    }
    return this.#value as T
  }
}
