/** Who is who, in words. */
import type { Author } from '@deskwire/sdk'
import { t } from '../app/words'
import type { Directory } from './ChatProvider'

/** An agent's name; the id's end where they are not in the directory. */
export function agentName(id: string | null | undefined, directory: Pick<Directory, 'agents'>): string {
  if (!id) return t('agent.nobody')
  return directory.agents.get(id)?.name ?? id
}

/** A team's name. */
export function teamName(id: string | null | undefined, directory: Pick<Directory, 'teams'>): string {
  return id ? (directory.teams.get(id)?.name ?? id) : ''
}

/** The name of a contact; of one who is nameless the end of the id, so that two can be told apart. */
export function contactName(name: string | null | undefined, id?: string): string {
  if (name) return name
  return id ? t('contact.anonymous', { id: id.slice(-4).toUpperCase() }) : t('contact.nameless')
}

/** An author's name. */
export function authorName(
  by: Author,
  directory: Pick<Directory, 'agents'>,
  contact?: string | null,
): string {
  switch (by.kind) {
    case 'visitor':
      return contactName(contact, by.id ?? undefined)
    case 'agent':
      return agentName(by.id, directory)
    case 'bot':
      return t('author.bot')
    case 'system':
      return t('author.system')
  }
}

/** One or two letters that stand for a name; of a Chinese one its last character, as is the custom. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  const [first = '?'] = words
  if (/\p{Script=Han}/u.test(first)) return [...first].at(-1) ?? '?'
  const second = words.length > 1 ? words.at(-1) : undefined
  return ([...first][0] ?? '?').toUpperCase() + (second ? ([...second][0] ?? '').toUpperCase() : '')
}

/** Hues of faces without a picture, all equally light. */
const HUES = 12

/** The hue of somebody: the same for the same id always. */
export function hueOf(id: string): number {
  let sum = 0
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9_973
  return (sum % HUES) * (360 / HUES)
}
