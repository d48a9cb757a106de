import { describe, expect, it } from 'vitest'
import { fileSize } from '../src/format'
import { chooseLocale, loadTexts, ownText, validTag } from '../src/texts'
import { en } from '../src/texts/en'
import { zh } from '../src/texts/zh'

/** The shape of a dictionary: every path, with how many arguments its words take. */
function shape(value: unknown, path = ''): string[] {
  if (typeof value === 'function') return [`${path}(${value.length})`]
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([key, inner]) => shape(inner, `${path}.${key}`))
}

describe('texts', () => {
  it('has the same keys in each language, and nothing empty', () => {
    expect(shape(zh).sort()).toEqual(shape(en).sort())
    for (const dictionary of [en, zh]) expect(JSON.stringify(dictionary)).not.toContain('""')
  })

  it('leaves no English in the Chinese one', () => {
    expect(JSON.stringify(Object.values(zh).filter((text) => typeof text === 'string'))).not.toMatch(
      /[a-z]{3,}/i,
    )
  })

  it('chooses by the visitor’s languages', async () => {
    expect(chooseLocale(['fr-FR', 'zh-CN', 'en'])).toBe('zh-CN')
    expect(chooseLocale(['fr'])).toBe('en')
    expect(await loadTexts('zh-Hant-TW')).toBe(zh)
    expect(await loadTexts('fr')).toBe(en)
  })

  it('takes a company’s words in the language, else in English, else any', () => {
    expect(ownText({ en: 'Hi', zh: '你好' }, 'zh-CN')).toBe('你好')
    expect(ownText({ en: 'Hi', 'zh-TW': '您好' }, 'zh-TW')).toBe('您好')
    expect(ownText({ en: 'Hi' }, 'zh')).toBe('Hi')
    expect(ownText({ de: 'Hallo' }, 'zh')).toBe('Hallo')
    expect(ownText(undefined, 'zh')).toBeUndefined()
  })

  it('makes a language tag of whatever a page wrote', () => {
    expect(validTag('zh_CN')).toBe('zh-CN')
    expect(validTag('not a tag!')).toBe('en')
  })
})

describe('sizes of files', () => {
  it('are told in steps of 1,024, the smallest in bytes', () => {
    const sizes = [20, 1_023, 1_024, 1_536, 1_048_576, 20 * 1_048_576]
    expect(sizes.map((size) => fileSize(size, 'en'))).toEqual([
      '20 byte',
      '1,023 byte',
      '1 kB',
      '1.5 kB',
      '1 MB',
      '20 MB',
    ])
  })
})
