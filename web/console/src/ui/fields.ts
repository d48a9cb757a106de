/** A number's field: as wide as its number, while its words have room. */
export const NARROW = { styles: { wrapper: { maxWidth: 180 } } } as const

/** A field that says what something is called, and cannot be changed once that is so. */
export function fixed(is: boolean): { readOnly: boolean; variant: 'filled' | 'default' } {
  return { readOnly: is, variant: is ? 'filled' : 'default' }
}
