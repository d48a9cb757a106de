/** What is known of a contact and may be what a query is about: an order's number, say. */
import type { Contact } from '@deskwire/sdk'
import type { QueryInfo } from '../../ui/schema'
import { shownValue } from './attributes'

type Argument = QueryInfo['args'][number]

/** What every contact may have, by the names that arguments have for it too. */
const PARTS = ['name', 'email', 'phone', 'external_id'] as const

/** What an argument is filled with, until somebody types: what the contact has under its name. */
export function knownFor(arg: Argument, contact: Contact): string | undefined {
  const part = PARTS.find((name) => name === arg.name)
  const value = part ? contact[part] : contact.attributes?.[arg.name]
  if (value === undefined || value === null || typeof value === 'object') return undefined
  const text = shownValue(value)
  return fits(arg, text) ? text : undefined
}

/** Values of the contact that would do for an argument. */
export function knownValues(arg: Argument, contact: Contact): string[] {
  const attributes = Object.values(contact.attributes ?? {}).flatMap((value) =>
    Array.isArray(value) ? value : [value],
  )
  const texts = [...PARTS.map((part) => contact[part]), ...attributes]
    .filter((value) => value !== undefined && value !== null && typeof value !== 'object')
    .map(shownValue)
  return [...new Set(texts)].filter((text) => text !== '' && fits(arg, text))
}

function fits({ pattern }: Argument, value: string): boolean {
  if (!pattern) return true
  try {
    return new RegExp(`^(?:${pattern})$`, 'u').test(value)
  } catch {
    // Another dialect of regular expressions: the server will say.
    return true
  }
}
