import { describe, expect, it } from 'vitest'
import { presets } from '../src/chat/actions/snooze'
import { attributeChange, shownValue } from '../src/chat/contact/attributes'
import { hueOf, initials } from '../src/chat/names'

describe('attributes', () => {
  const before = { level: 'vip', orders: ['A1', 'A2'], age: 30, address: { city: 'London' }, gone: 'x' }
  const lines = Object.entries(before).map(([name, value]) => ({ name, value: shownValue(value) }))

  it('are left alone when nothing was typed', () => {
    expect(attributeChange(before, lines)).toEqual({})
  })

  it('keep their kind', () => {
    const typed = lines.map(
      (line) => ({ orders: { ...line, value: 'A1, A3' }, age: { ...line, value: '31' } })[line.name] ?? line,
    )
    expect(attributeChange(before, typed)).toEqual({ orders: ['A1', 'A3'], age: 31 })
  })

  it('go with null, and come as text', () => {
    const typed = [...lines.filter((line) => line.name !== 'gone'), { name: ' city ', value: ' Paris ' }]
    expect(attributeChange(before, typed)).toEqual({ gone: null, city: 'Paris' })
  })

  it('move when they get another name', () => {
    const typed = lines.map((line) => (line.name === 'level' ? { ...line, name: 'tier' } : line))
    expect(attributeChange(before, typed)).toEqual({ level: null, tier: 'vip' })
  })
})

describe('times to snooze until', () => {
  it('lie ahead, and next Monday is never today', () => {
    for (let day = 0; day < 7; day += 1) {
      for (const hour of [0, 9, 17, 23]) {
        const now = new Date(2026, 10, 22 + day, hour, 30)
        for (const { name, until } of presets(now)) {
          expect(until.getTime(), `${name} at ${now}`).toBeGreaterThan(now.getTime())
        }
        const monday = presets(now).find(({ name }) => name === 'next_week')
        expect(monday?.until.getDay()).toBe(1)
        expect(monday?.until.getDate()).not.toBe(now.getDate())
      }
    }
  })

  it('have no evening once it is evening', () => {
    const names = (hour: number) => presets(new Date(2026, 10, 25, hour)).map(({ name }) => name)
    expect(names(10)).toContain('evening')
    expect(names(18)).not.toContain('evening')
  })
})

describe('faces', () => {
  it('have letters for every kind of name', () => {
    expect(initials('Ada Lovelace')).toBe('AL')
    expect(initials('anna')).toBe('A')
    expect(initials('王小明')).toBe('明')
    expect(initials('  ')).toBe('?')
    expect(hueOf('con_1')).toBe(hueOf('con_1'))
  })
})
