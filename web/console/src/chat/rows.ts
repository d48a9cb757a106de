/**
 * All rows of conversations that this console has seen, each in its newest version. Lists read them from here: a row
 * that comes by a page, by a watched team or by an entry is the same row everywhere at once.
 */
import type { Conversation, Deskwire, Entry, EntryView, ListRow, Schemas, State } from '@deskwire/sdk'
import { isMine, type Viewer } from './views'

/** Characters of a preview: one line of a list. */
const PREVIEW_CHARS = 140

/** The state as staff see it: an agent's console never gets another. */
export function staffState(state: Entry['state'] | undefined): State | undefined {
  return state && 'contact' in state ? state : undefined
}

/** The first words of what was said, for a list; `undefined` where nothing was. */
function previewOf(entry: Entry): string | undefined {
  if (entry.type !== 'message') return undefined
  const { content } = entry
  const words =
    'text' in content && content.text ? content.text : 'title' in content ? content.title : undefined
  return (words ?? ('name' in content ? content.name : undefined))?.slice(0, PREVIEW_CHARS)
}

/**
 * Rows that are kept. A supervisor of many teams sees thousands pass in a day; closed ones that nobody has looked at for
 * long go first, and a list that shows them reads them again.
 */
const KEPT = 5_000
/** Rows that go at once, so that this is not done for each new one. */
const GOING = 500
/** Milliseconds between two drawings for changes that come in a burst: ten a second look alive. */
const PACE_MS = 100

/** Rows by conversation, with whoever wants to know of changes. */
export class Rows {
  #rows = new Map<string, ListRow>()
  #listeners = new Set<() => void>()
  #version = 0
  #told = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  /** Goes up with each change. */
  get version(): number {
    return this.#version
  }

  /** The newest version of a row. */
  get(conversation: string): ListRow | undefined {
    return this.#rows.get(conversation)
  }

  /** All of them. */
  all(): IterableIterator<ListRow> {
    return this.#rows.values()
  }

  /** Takes rows in; an older version of what is here is passed over. */
  put(rows: readonly ListRow[]): void {
    let news = false
    for (const row of rows) {
      const known = this.#rows.get(row.conversation)
      if (known && known.head >= row.head && !isFuller(row, known)) continue
      this.#rows.set(row.conversation, row)
      news = true
    }
    if (!news) return
    this.#version += 1
    if (this.#rows.size > KEPT) this.#forget()
    this.#tell()
  }

  /** The log is ahead of the lists: an entry changes its row at once. */
  apply(view: EntryView): void {
    const known = this.#rows.get(view.conversation)
    if (!known || view.seq <= known.head) return
    if ('hidden' in view) return
    const state = staffState(view.state)
    const preview = previewOf(view)
    this.put([
      { ...known, head: view.seq, updated: view.at, ...(state && { state }), ...(preview && { preview }) },
    ])
  }

  /** Tells of changes. */
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** The first change is told at once; what follows on its heels, together. */
  #tell(): void {
    if (this.#timer !== undefined) return
    const wait = Math.max(0, this.#told + PACE_MS - Date.now())
    const tell = () => {
      this.#timer = undefined
      this.#told = Date.now()
      for (const listener of this.#listeners) listener()
    }
    if (wait === 0) tell()
    else this.#timer = setTimeout(tell, wait)
  }

  #forget(): void {
    const closed = [...this.#rows.values()].filter((row) => row.state.status === 'closed')
    closed.sort((a, b) => Date.parse(a.updated) - Date.parse(b.updated))
    for (const row of closed.slice(0, GOING)) this.#rows.delete(row.conversation)
  }
}

/** A row of the same entry may still know more: the projection adds the contact's name. */
function isFuller(row: ListRow, known: ListRow): boolean {
  return row.head === known.head && (row.contact_name ?? '') !== (known.contact_name ?? '')
}

/** Feeds rows from whatever the connection tells. */
export function follow(desk: Deskwire, rows: Rows, viewer: Viewer): () => void {
  const meet = meeting(desk, rows, viewer)
  const ends = [
    desk.on('inbox', ({ row }) => rows.put([row])),
    desk.on('entry', (entry) => rows.apply(entry)),
    desk.on('conversation', meet),
    desk.on('connection', ({ state }) => {
      if (state === 'online') void findOffers(desk, rows, viewer)
    }),
    desk.on('contact', ({ conversation, contact }) => {
      const known = rows.get(conversation)
      if (known && contact.name) rows.put([{ ...known, contact_name: contact.name }])
    }),
  ]
  for (const conversation of desk.conversations.values()) meet(conversation)
  if (desk.connection.state === 'online') void findOffers(desk, rows, viewer)
  return () => {
    for (const end of ends) end()
  }
}

/**
 * A conversation of another team comes to this agent by its entries alone, for lists are told to their team only: where
 * it is theirs or offered to them, its row is asked for.
 */
function meeting(desk: Deskwire, rows: Rows, viewer: Viewer): (conversation: Conversation) => void {
  const asked = new Set<string>()
  return (conversation) => {
    const { id } = conversation
    const state = staffState(conversation.state)
    if (!state || rows.get(id) || asked.has(id) || !isMine({ state }, viewer)) return
    asked.add(id)
    desk
      .http<Schemas['Conversation']>('GET', `/v1/conversations/${id}`)
      .then((found) => {
        rows.put([rowOf(found, state)])
        // What came meanwhile had no row to change.
        for (const entry of conversation.entries) rows.apply(entry)
      })
      // Whatever is told of it next asks again.
      .catch(() => undefined)
      .finally(() => asked.delete(id))
  }
}

/** The row of what was read: it may not be projected yet, or be behind its own state. */
function rowOf({ id, head, state, row }: Schemas['Conversation'], known: State): ListRow {
  const now = staffState(state) ?? known
  if (row && row.head >= head) return row
  const made = { conversation: id, contact: now.contact, updated: now.since, created: now.waiting_since }
  return { ...made, ...row, head, state: now }
}

/** Offers that came while nobody was here to hear them: `hello` tells only of what the agent has already. */
async function findOffers(desk: Deskwire, rows: Rows, viewer: Viewer): Promise<void> {
  const path = '/v1/conversations?status=transferring&limit=100'
  const found = await desk.http<{ data: ListRow[] }>('GET', path).catch(() => undefined)
  rows.put(found?.data.filter((row) => isMine(row, viewer)) ?? [])
}
