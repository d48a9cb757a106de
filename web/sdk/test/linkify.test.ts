import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { linkify, safeHref } from '../src/linkify'

const SAFE = ['http:', 'https:', 'mailto:', 'tel:']

/** Texts that look like links, or try to. */
const tricky = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        'https://a.example/b?c=d#e',
        'http://例え.jp/路',
        'www.shop.example',
        'javascript:alert(1)',
        'JaVaScRiPt://x%0aalert(1)',
        'data:text/html,<script>',
        'vbscript:x',
        'https://bank.example@evil.example/',
        'file:///etc/passwd',
        'mailto:a@b.example',
        'a@b.example',
        'tel:+49301234567',
        '+86 138 0013 8000',
        '(https://x.example/a_(b))',
        '<a href="javascript:x">',
        '。',
        '\n',
        ' ',
        '@',
      ),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''))

describe('linkify', () => {
  it('keeps every text as it is, and makes links of safe protocols only', () => {
    fc.assert(
      fc.property(tricky, (text) => {
        const pieces = linkify(text)
        expect(pieces.map((piece) => piece.text).join('')).toBe(text)
        for (const { href } of pieces) {
          if (href === undefined) continue
          const url = new URL(href)
          expect(SAFE).toContain(url.protocol)
          expect(url.username + url.password).toBe('')
        }
      }),
      { numRuns: 1_000 },
    )
  })

  it.each([
    ['see https://a.example/b.', 'https://a.example/b'],
    ['(https://a.example/b_(c))', 'https://a.example/b_(c)'],
    ['见 https://a.example/路。谢谢', 'https://a.example/路'],
    ['www.a.example!', 'www.a.example'],
    ['write to anna@a.example, please', 'anna@a.example'],
    ['call +49 30 1234567 now', '+49 30 1234567'],
  ])('finds the link in %j', (text, link) => {
    expect(
      linkify(text)
        .filter((piece) => piece.href)
        .map((piece) => piece.text),
    ).toEqual([link])
  })

  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'https://bank.example@evil.example/',
    'no link',
    'a@b',
  ])('finds none in %j', (text) => {
    expect(linkify(text).some((piece) => piece.href)).toBe(false)
  })

  it('takes its time from the length only, whatever is in the text', () => {
    const hostile = ['a@'.repeat(4_000), '+1 '.repeat(2_600), 'www.'.repeat(2_000), 'https://'.repeat(1_000)]
    const began = performance.now()
    for (const text of hostile)
      expect(
        linkify(text)
          .map((piece) => piece.text)
          .join(''),
      ).toBe(text)
    expect(performance.now() - began).toBeLessThan(2_000)
  })
})

describe('safeHref', () => {
  it('gives nothing for what is no address', () => {
    expect(safeHref('')).toBeUndefined()
    expect(safeHref('//a.example')).toBeUndefined()
    expect(safeHref('java\nscript:alert(1)')).toBeUndefined()
  })
})

const links = (text: string) => linkify(text).flatMap(({ href }) => href ?? [])

describe('links in what somebody wrote', () => {
  it('keeps every character of the text', () => {
    for (const text of [
      '',
      'a https://x.example/a?b=1#c, and more',
      '看 https://x.example。好',
      '<b>https://x.example</b>',
    ]) {
      expect(
        linkify(text)
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
    expect(safeHref('javascript:alert(1)')).toBeUndefined()
    expect(safeHref(' https://x.example ')).toBe('https://x.example/')
    expect(safeHref('/relative')).toBeUndefined()
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
    expect(safeHref('https://bank.example@evil.example/')).toBeUndefined()
    expect(safeHref('mailto:a@x.example')).toBe('mailto:a@x.example')
  })

  it('takes two megabytes in a moment', () => {
    const text = `${'a'.repeat(2_000_000)} https://x.example`
    const began = performance.now()
    expect(links(text)).toEqual(['https://x.example/'])
    expect(performance.now() - began).toBeLessThan(1_000)
  })
})
