/** A colour as red, green and blue from 0 to 255. */
export type Rgb = readonly [number, number, number]

/** WCAG 2.2's contrast for text (level AA). */
export const TEXT_CONTRAST = 4.5

const WHITE: Rgb = [255, 255, 255]
const BLACK: Rgb = [0, 0, 0]

/** Reads the `rgb(…)` in which browsers give a computed colour, whatever it was written as. */
export function parseColour(text: string): Rgb | undefined {
  const parts = /^rgba?\(([\d.]+)[, ]+([\d.]+)[, ]+([\d.]+)/.exec(text)
  if (!parts) return undefined
  const rgb = parts.slice(1, 4).map(Number)
  return rgb.every((part) => part >= 0 && part <= 255) ? (rgb as unknown as Rgb) : undefined
}

/** The colour as CSS. */
export function cssColour(colour: Rgb): string {
  return `rgb(${colour.map(Math.round).join(' ')})`
}

function luminance(colour: Rgb): number {
  const [red, green, blue] = colour.map((part) => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as unknown as Rgb
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** WCAG's contrast of two colours, from 1 to 21. */
export function contrast(one: Rgb, other: Rgb): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

/** White where that reads on the colour, for it is what people expect there; else black, which then always does. */
export function readableOn(colour: Rgb): Rgb {
  return contrast(WHITE, colour) >= TEXT_CONTRAST ? WHITE : BLACK
}

function mix(one: Rgb, other: Rgb, share: number): Rgb {
  return one.map((part, at) => part + ((other[at] ?? 0) - part) * share) as unknown as Rgb
}

/** Steps in which a colour is moved towards black or white; finer ones nobody sees. */
const STEPS = 20

/** The colour, moved towards black or white until a text in it reads on the background. */
export function readableAs(colour: Rgb, background: Rgb, wanted = TEXT_CONTRAST): Rgb {
  const towards = luminance(background) > 0.18 ? BLACK : WHITE
  for (let step = 0; step <= STEPS; step += 1) {
    const candidate = mix(colour, towards, step / STEPS)
    if (contrast(candidate, background) >= wanted) return candidate
  }
  return towards
}
