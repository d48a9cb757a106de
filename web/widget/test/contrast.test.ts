import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  contrast,
  cssColour,
  parseColour,
  type Rgb,
  readableAs,
  readableOn,
  TEXT_CONTRAST,
} from '../src/contrast'

const part = fc.integer({ min: 0, max: 255 })
const colour = fc.tuple(part, part, part)
const LIGHT: Rgb = [241, 243, 247]
const DARK: Rgb = [38, 42, 51]

describe('colours', () => {
  it('puts a text on any brand colour that reaches AA', () => {
    fc.assert(
      fc.property(colour, (brand) => {
        expect(contrast(readableOn(brand), brand)).toBeGreaterThanOrEqual(TEXT_CONTRAST)
      }),
    )
  })

  it('moves any brand colour until it reads on both backgrounds', () => {
    fc.assert(
      fc.property(colour, fc.constantFrom(LIGHT, DARK), (brand, background) => {
        expect(contrast(readableAs(brand, background), background)).toBeGreaterThanOrEqual(TEXT_CONTRAST)
      }),
    )
  })

  it('leaves a colour alone that reads already', () => {
    expect(readableAs([0, 0, 160], LIGHT)).toEqual([0, 0, 160])
    expect(readableOn([0, 0, 160])).toEqual([255, 255, 255])
    expect(readableOn([250, 204, 21])).toEqual([0, 0, 0])
  })

  it('knows the contrasts that WCAG names', () => {
    expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21)
    expect(contrast([119, 119, 119], [255, 255, 255])).toBeCloseTo(4.48, 2)
  })

  it('reads what browsers compute, and what it writes itself', () => {
    expect(parseColour('rgb(15, 118, 110)')).toEqual([15, 118, 110])
    expect(parseColour('rgba(15, 118, 110, 0.5)')).toEqual([15, 118, 110])
    expect(parseColour(cssColour([1, 2, 3]))).toEqual([1, 2, 3])
    expect(parseColour('oklch(0.5 0.1 200)')).toBeUndefined()
  })
})
