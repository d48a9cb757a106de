/** Attributes as people read and write them. */

/** A value in words: a list with commas, anything deeper as JSON. */
export function shownValue(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) return value.join(', ')
  return JSON.stringify(value)
}

/** What somebody typed, of the kind that the value had: a number stays a number, a list a list. */
export function typedValue(typed: string, before: unknown): unknown {
  const text = typed.trim()
  if (typeof before === 'string' || before === undefined) return text
  if (Array.isArray(before) && !text.startsWith('[')) {
    return text
      .split(/[,，]/)
      .map((part) => part.trim())
      .filter((part) => part !== '')
  }
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** What is to be changed: new and changed values, and null for those that go. */
export function attributeChange(
  before: Readonly<Record<string, unknown>>,
  lines: readonly { name: string; value: string }[],
): Record<string, unknown> {
  const change: Record<string, unknown> = {}
  const kept = new Set<string>()
  for (const { name, value } of lines) {
    const key = name.trim()
    if (key === '') continue
    kept.add(key)
    if (key in before && shownValue(before[key]) === value) continue
    change[key] = typedValue(value, before[key])
  }
  for (const name of Object.keys(before)) if (!kept.has(name)) change[name] = null
  return change
}
