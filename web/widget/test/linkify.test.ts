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
