import { contactName as nameOrAnonymous } from '../../chat/names'
import type { Contact } from '../../ui/schema'

/** What a contact is called: by name, else by how they can be reached; who is nameless, as in the inbox. */
export function contactName({ id, name, email, phone, external_id }: Contact): string {
  return nameOrAnonymous(name || email || phone || external_id, id)
}

/** A row of the attributes as it is written. */
export interface Row {
  key: string
  text: string
}

/** Attributes as rows of text: a text as it is, everything else as JSON. */
export function toRows(attributes: Contact['attributes']): Row[] {
  return Object.entries(attributes ?? {}).map(([key, value]) => ({
    key,
    text: typeof value === 'string' ? value : JSON.stringify(value),
  }))
}

function read(text: string): unknown {
  // `12`, `true`, `["a"]` and `{…}` are what they look like; all else is a text.
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** What is to be sent so that attributes become what the rows say: what changed, and null for what went. */
export function changes(before: Contact['attributes'], rows: readonly Row[]): Record<string, unknown> {
  const change: Record<string, unknown> = {}
  const kept = new Map(
    rows.filter((row) => row.key.trim() && row.text.trim()).map((row) => [row.key.trim(), row.text]),
  )
  for (const row of toRows(before)) {
    const text = kept.get(row.key)
    if (text === undefined) change[row.key] = null
    else if (text !== row.text) change[row.key] = read(text)
    kept.delete(row.key)
  }
  for (const [key, text] of kept) change[key] = read(text)
  return change
}
