/** What the SDK needs of its surroundings: a browser's own by default; tests and other programs give theirs. */

/** The part of a WebSocket that is used. */
export interface Socket {
  readonly readyState: number
  send(data: string): void
  close(code?: number, reason?: string): void
  onopen: ((event: Event) => void) | null
  onmessage: ((event: MessageEvent) => void) | null
  onclose: ((event: CloseEvent) => void) | null
  onerror: ((event: Event) => void) | null
}

/** The part of a BroadcastChannel that is used. */
export interface Channel {
  postMessage(message: unknown): void
  close(): void
  onmessage: ((event: MessageEvent) => void) | null
}

/** The part of `navigator.locks` that is used. */
export interface Locks {
  request<T>(
    name: string,
    options: { steal?: boolean; signal?: AbortSignal },
    held: () => Promise<T>,
  ): Promise<T>
}

/** What a page tells: it can be seen again, the network came or went, another tab changed what is stored. */
export type PageNews = 'visible' | 'online' | 'offline' | 'stored'

/** The surroundings. */
export interface Platform {
  fetch(url: string, init: RequestInit): Promise<Response>
  socket(url: string): Socket
  /** Milliseconds since 1970. */
  now(): number
  /** Calls back after so many seconds; the answer calls it off. */
  after(seconds: number, then: () => void): () => void
  /** From 0 up to 1. */
  random(): number
  /** An id that nobody else has. */
  uuid(): string
  /** A small thing that outlives the page, where the browser permits it. */
  kept(key: string): string | undefined
  /** Keeps it, or with `undefined` forgets it. */
  keep(key: string, value: string | undefined): void
  indexedDB: IDBFactory | undefined
  locks: Locks | undefined
  channel: ((name: string) => Channel) | undefined
  /** Whether somebody may be looking. */
  visible(): boolean
  /** Whether the browser believes that there is a network. */
  networked(): boolean
  /** Tells of news until it is called off. */
  listen(hear: (news: PageNews) => void): () => void
}

/** Bytes of a random id: as many as a UUID has. */
const ID_BYTES = 16

/** Browsers make UUIDs themselves only on pages with https. */
function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(ID_BYTES))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Touching storage throws where the browser forbids it, or where it is full. */
function permitted<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

function listen(hear: (news: PageNews) => void): () => void {
  if (typeof document === 'undefined') return () => {}
  const seen = () => {
    if (document.visibilityState === 'visible') hear('visible')
  }
  const heard: [EventTarget, string, () => void][] = [
    [document, 'visibilitychange', seen],
    [document, 'resume', seen],
    [window, 'pageshow', seen],
    [window, 'focus', seen],
    [window, 'online', () => hear('online')],
    [window, 'offline', () => hear('offline')],
    [window, 'storage', () => hear('stored')],
  ]
  for (const [target, name, handler] of heard) target.addEventListener(name, handler)
  return () => {
    for (const [target, name, handler] of heard) target.removeEventListener(name, handler)
  }
}

/** The browser's. */
export function browser(): Platform {
  const { navigator } = globalThis
  return {
    fetch: (url, init) => fetch(url, init),
    socket: (url) => new WebSocket(url),
    now: () => Date.now(),
    after: (seconds, then) => {
      const timer = setTimeout(then, seconds * 1000)
      return () => clearTimeout(timer)
    },
    random: () => Math.random(),
    uuid,
    kept: (key) => permitted(() => localStorage.getItem(key)) ?? undefined,
    keep: (key, value) =>
      void permitted(() =>
        value === undefined ? localStorage.removeItem(key) : localStorage.setItem(key, value),
      ),
    indexedDB: permitted(() => globalThis.indexedDB),
    locks: navigator?.locks,
    channel: typeof BroadcastChannel === 'function' ? (name) => new BroadcastChannel(name) : undefined,
    visible: () => typeof document === 'undefined' || document.visibilityState === 'visible',
    networked: () => navigator?.onLine !== false,
    listen,
  }
}
