import { describe, expect, it } from 'vitest'
import { piecesOf, safeLink } from '../src/chat/conversation/SafeText'

const links = (text: string) => piecesOf(text).flatMap(({ link }) => (link ? [link] : []))

describe('links in what somebody wrote', () => {
  it('keeps every character of the text', () => {
    for (const text of [
      '',
      'a https://x.example/a?b=1#c, and more',
      '看 https://x.example。好',
      '<b>https://x.example</b>',
    ]) {
      expect(
        piecesOf(text)
          .map((piece) => piece.text)
          .join(''),
      ).toBe(text)
    }
  })

  it('leads only where links may lead', () => {
    expect(links('javascript:alert(1) data:text/html,x vbscript:x file:///etc/passwd')).toEqual([])
    expect(links('HTTPS://x.example mailto:a@x.example tel:+49123')).toEqual([
      'https://x.example/',
      'mailto:a@x.example',
      'tel:+49123',
    ])
    expect(safeLink('javascript:alert(1)')).toBeUndefined()
    expect(safeLink(' https://x.example ')).toBe('https://x.example/')
    expect(safeLink('/relative')).toBeUndefined()
  })

  it('leaves the punctuation after an address out of it', () => {
    expect(links('(see https://x.example/a).')).toEqual(['https://x.example/a'])
    expect(links('看https://x.example/路，好')).toEqual(['https://x.example/%E8%B7%AF'])
  })

  it('are found without a scheme too, as visitors see them', () => {
    expect(links('www.a.example! write to anna@a.example, or call +49 30 1234567 now')).toEqual([
      'https://www.a.example/',
      'mailto:anna@a.example',
      'tel:+49301234567',
    ])
    expect(links('(https://x.example/a_(b)) a@b')).toEqual(['https://x.example/a_(b)'])
  })

  it('never look like another’s', () => {
    expect(links('https://bank.example@evil.example/ https://a:b@evil.example')).toEqual([])
    expect(safeLink('https://bank.example@evil.example/')).toBeUndefined()
    expect(safeLink('mailto:a@x.example')).toBe('mailto:a@x.example')
  })

  it('takes two megabytes in a moment', () => {
    const text = `${'a'.repeat(2_000_000)} https://x.example`
    const began = performance.now()
    expect(links(text)).toEqual(['https://x.example/'])
    expect(performance.now() - began).toBeLessThan(1_000)
  })
})
