import { expect, test } from 'vitest'
import { pagesEn } from '../../src/i18n/pages.en'
import { pagesZh } from '../../src/i18n/pages.zh'

const places = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort()

test('each text has the same places in Chinese as in English', () => {
  const english: Record<string, string> = pagesEn
  for (const [key, chinese] of Object.entries(pagesZh))
    expect([key, places(chinese)]).toEqual([key, places(english[key] ?? '')])
})

test('nothing in Chinese was left in English, but names', () => {
  const same = Object.entries(pagesZh).filter(
    ([key, text]) => text === (pagesEn as Record<string, string>)[key],
  )
  expect(same.map(([key]) => key).sort()).toEqual(['ai.bedrock', 'channel.api', 'mask.iban'])
})
