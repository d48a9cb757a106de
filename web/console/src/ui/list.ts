/** A list with one of its items at another place. */
export function moved<T>(items: readonly T[], from: number, to: number): T[] {
  const rest = [...items]
  const [item] = rest.splice(from, 1)
  if (item === undefined || to < 0 || to > rest.length) return [...items]
  rest.splice(to, 0, item)
  return rest
}

/** A list with one of its items changed. */
export function changed<T>(items: readonly T[], at: number, change: Partial<T>): T[] {
  return items.map((item, other) => (other === at ? { ...item, ...change } : item))
}

/** A list without one of its items. */
export function without<T>(items: readonly T[], at: number): T[] {
  return items.filter((_, other) => other !== at)
}
