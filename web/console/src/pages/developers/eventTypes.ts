import type { EventType } from '../../ui/schema'

/** All types of events: a record, so that the compiler names one that is missing. */
const TYPES: Record<EventType, true> = {
  'conversation.created': true,
  'conversation.queued': true,
  'conversation.assigned': true,
  'conversation.transfer_requested': true,
  'conversation.transferred': true,
  'conversation.transfer_ended': true,
  'conversation.closed': true,
  'conversation.reopened': true,
  'conversation.snoozed': true,
  'conversation.woken': true,
  'message.created': true,
  'message.held': true,
  'message.reviewed': true,
  'note.created': true,
  'postback.received': true,
  'csat.submitted': true,
  'feedback.submitted': true,
  'label.added': true,
  'label.removed': true,
  'bot.handoff': true,
  'bot.called': true,
  'contact.created': true,
  'contact.updated': true,
  'contact.merged': true,
  'webhook.disabled': true,
  'webhook.test': true,
}

/** A family of events and its types. */
export interface Family {
  name: string
  types: string[]
}

/** What an endpoint can be told of, by family. A test goes to whom it is sent, asked for or not. */
export const FAMILIES: readonly Family[] = families(
  Object.keys(TYPES).filter((type) => type !== 'webhook.test'),
)

function families(types: readonly string[]): Family[] {
  const found = new Map<string, string[]>()
  for (const type of types) {
    const name = type.split('.')[0] ?? type
    found.set(name, [...(found.get(name) ?? []), type])
  }
  return [...found].map(([name, of]) => ({ name, types: of }))
}

/** Whether a type is among those that were chosen, which may be families (`message.*`) or all (`*`). */
export function chosen(events: readonly string[], type: string): boolean {
  return events.includes('*') || events.includes(type) || events.includes(`${type.split('.')[0]}.*`)
}

/** The choice with a type in it or not: whole families stand as such, so that later types of theirs come too. */
export function toggled(events: readonly string[], type: string, on: boolean): string[] {
  const picked = FAMILIES.flatMap((family) => family.types).filter((one) =>
    one === type ? on : chosen(events, one),
  )
  return folded(picked)
}

/** The choice with a whole family in it or not. */
export function toggledFamily(events: readonly string[], family: Family, on: boolean): string[] {
  const picked = FAMILIES.flatMap((one) => one.types).filter((type) =>
    family.types.includes(type) ? on : chosen(events, type),
  )
  return folded(picked)
}

function folded(types: readonly string[]): string[] {
  return FAMILIES.flatMap((family) => {
    const some = family.types.filter((type) => types.includes(type))
    return some.length === family.types.length ? [`${family.name}.*`] : some
  })
}
