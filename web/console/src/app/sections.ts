/** The parts of the console: the inbox, and the groups of pages. */
import { type Page, pages } from '../pages'
import type { Role } from '../ui/schema'

/** A part of the console. */
export type Section = 'inbox' | Page['group']

/** The groups of pages, as the rail shows them. */
export const GROUPS = ['work', 'ai', 'company', 'developers'] as const satisfies Page['group'][]

/** Whose part an address is. */
export function sectionOf(path: string): Section {
  const [first = ''] = path.split('/').filter((part) => part !== '')
  return pages.find((page) => page.path.split('/')[0] === first)?.group ?? 'inbox'
}

/** The pages that a role may see, of one group or of all. */
export function pagesFor(role: Role, group?: Page['group']): Page[] {
  return pages.filter((page) => page.roles.includes(role) && (!group || page.group === group))
}

/** A page's whole address. */
export function pathOf(page: Page): string {
  return `/${page.path}`
}
