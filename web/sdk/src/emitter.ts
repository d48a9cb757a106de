/** Handlers of events, called in the order in which they came. */

/** Tells whoever wants to hear; `E` has the values of each event. */
export class Emitter<E extends { [K in keyof E]: unknown[] }> {
  readonly #handlers: { [K in keyof E]?: Set<(...values: E[K]) => void> } = {}

  /** Calls `handler` with each `event` until it is called off. */
  on<K extends keyof E>(event: K, handler: (...values: E[K]) => void): () => void {
    // Here and not at the first event, where nobody could tell whose mistake it was.
    if (typeof handler !== 'function') throw new TypeError('on needs a function.')
    const handlers: Set<(...values: E[K]) => void> = this.#handlers[event] ?? new Set()
    this.#handlers[event] = handlers.add(handler)
    return () => {
      handlers.delete(handler)
    }
  }

  /** Tells it. A handler that throws stops neither the others nor the SDK. */
  emit<K extends keyof E>(event: K, ...values: E[K]): void {
    for (const handler of [...(this.#handlers[event] ?? [])]) {
      try {
        handler(...values)
      } catch (error) {
        surface(error)
      }
    }
  }
}

/** As the browser does with what an event listener throws. */
function surface(error: unknown): void {
  queueMicrotask(() => {
    throw error
  })
}
