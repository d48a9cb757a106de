import type { Schemas } from '@deskwire/sdk'
import type { Attributes } from '../api'
import { FIELD_CHARS, LONG_CHARS } from '../limits'
import type { Texts } from '../texts'
import type { FormField } from './config'

/** What the API has fields of its own for; all else is an attribute. */
const OWN_FIELDS = new Set(['name', 'email', 'phone'])

/** What is known by key, as the API takes it. Empty words say nothing and are left out. */
export function contactPatch(values: Attributes): Schemas['ContactChange'] {
  const patch: Record<string, unknown> = {}
  const attributes: Attributes = {}
  for (const [key, value] of Object.entries(values)) {
    const said = typeof value === 'string' ? value.trim() : value
    if (said === '') continue
    if (OWN_FIELDS.has(key)) patch[key] = said === null ? null : String(said)
    else attributes[key] = said
  }
  return { ...patch, ...(Object.keys(attributes).length > 0 && { attributes }) }
}

/** What is wrong with an answer, in the visitor's words. The server decides in the end; this saves a round trip. */
export function fieldError(field: FormField, value: string, texts: Texts): string | undefined {
  const said = value.trim()
  if (!said) return field.required ? texts.required : undefined
  const most = field.kind === 'long' ? LONG_CHARS : FIELD_CHARS
  if (said.length > most) return texts.tooLong(most)
  if (field.kind === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(said)) return texts.invalidEmail
  if (field.kind === 'phone' && !/^\+?[\d ().-]{5,25}$/.test(said)) return texts.invalidPhone
  return undefined
}
