import type { EventName, Handler, WidgetEvents } from '../api'

/** The page's handlers, by event. */
export class Hub {
  readonly #handlers = new Map<EventName, Set<Handler>>()
  #ready: WidgetEvents['ready'] | undefined

  /** Hears an event from now on; `ready` at once, if it has been. */
  on<E extends EventName>(event: E, handler: Handler<E>): void {
    const all = this.#handlers.get(event) ?? new Set()
    // The set of one event holds handlers of that event only.
    this.#handlers.set(event, all.add(handler as Handler))
    if (event === 'ready' && this.#ready) this.#call(handler as Handler, this.#ready)
  }

  /** No longer; all handlers of the event where none is named. */
  off<E extends EventName>(event: E, handler?: Handler<E>): void {
    if (handler) this.#handlers.get(event)?.delete(handler as Handler)
    else this.#handlers.delete(event)
  }

  /** Tells the page. */
  emit<E extends EventName>(event: E, detail: WidgetEvents[E]): void {
    if (event === 'ready') this.#ready = detail as WidgetEvents['ready']
    for (const handler of this.#handlers.get(event) ?? []) this.#call(handler, detail)
  }

  /** The page's mistakes are the page's: they are reported, and the chat goes on. */
  #call(handler: Handler, detail: WidgetEvents[EventName]): void {
    try {
      handler(detail as never)
    } catch (error) {
      reportError(error)
    }
  }
}
