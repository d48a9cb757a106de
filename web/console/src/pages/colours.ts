/** Colours that are offered: far enough apart to be told from each other, in light and in dark. */
export const SWATCHES = [
  '#5b5bd6',
  '#0b7fab',
  '#0f9d7a',
  '#4b9b30',
  '#c08a00',
  '#d9622b',
  '#d0344b',
  '#b4409e',
  '#71717f',
]
