import type { PriorityRule } from '../../ui/schema'

/** The highest priority that a conversation may have; the API's bound. */
export const HIGHEST = 9

/** A priority rule as it is written. */
export interface RuleRow {
  attribute: string
  equals: string
  priority: number
  skills: string[]
}

/** A rule as a row: its value as text, or as JSON where it is none. */
export function rowOf(rule: PriorityRule): RuleRow {
  const equals: unknown = rule.equals
  return {
    attribute: rule.attribute,
    equals: typeof equals === 'string' ? equals : JSON.stringify(equals ?? null),
    priority: rule.priority,
    skills: [...(rule.skills ?? [])],
  }
}

/** A row as a rule: what reads as a number, true or false is that; all else is a text. */
export function ruleOf(row: RuleRow): Omit<PriorityRule, 'equals'> & { equals: unknown } {
  return {
    attribute: row.attribute.trim(),
    equals: readValue(row.equals),
    priority: row.priority,
    skills: row.skills,
  }
}

function readValue(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? text : value
  } catch {
    return text
  }
}
