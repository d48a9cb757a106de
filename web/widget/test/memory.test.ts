import { claimsOf } from '@deskwire/sdk'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { contactPatch, fieldError } from '../src/model/contact'
import { Memory } from '../src/model/memory'
import { en } from '../src/texts/en'
import { initials, pictureAddress } from '../src/view/avatar'
import { characters, isComposing } from '../src/view/composer'

beforeEach(() => localStorage.clear())

describe('memory', () => {
  it('stores nothing by itself', () => {
    const memory = new Memory('acc_1')
    expect([memory.acted, memory.get('draft'), memory.readUpTo('cnv')]).toEqual([false, undefined, 0])
    expect(localStorage.length).toBe(0)
  })

  it('keeps across a reload and between tabs, by account, and forgets all', () => {
    const memory = new Memory('acc_1')
    const other = new Memory('acc_1')
    memory.set('draft', 'hello')
    other.set('acted', true)
    memory.keepRead('cnv', 5)
    memory.keepRead('cnv', 3)
    const later = new Memory('acc_1')
    expect([later.acted, later.get('draft'), later.readUpTo('cnv')]).toEqual([true, 'hello', 5])
    expect(new Memory('acc_2').acted).toBe(false)
    later.forget()
    expect(localStorage.length).toBe(0)
  })

  it('lives without a store, and with a spoilt one', () => {
    localStorage.setItem('deskwire:acc_1', '{')
    expect(new Memory('acc_1').acted).toBe(false)
    const refusal = (): never => {
      throw new Error('full')
    }
    vi.stubGlobal('localStorage', { getItem: () => null, setItem: refusal, removeItem: refusal })
    onTestFinished(() => {
      vi.unstubAllGlobals()
    })
    const memory = new Memory('acc_1')
    memory.set('draft', 'x')
    expect(memory.get('draft')).toBe('x')
    memory.forget()
    expect(memory.get('draft')).toBeUndefined()
  })
})

describe('forms', () => {
  it('say by key what the API takes, and leave out what was not said', () => {
    expect(contactPatch({ name: ' Ada ', email: '', level: 'vip', newsletter: true, phone: null })).toEqual({
      name: 'Ada',
      phone: null,
      attributes: { level: 'vip', newsletter: true },
    })
    expect(contactPatch({})).toEqual({})
  })

  it('find what is missing or cannot be right', () => {
    const email = { key: 'email', kind: 'email', label: {}, required: true } as const
    expect(fieldError(email, ' ', en)).toBe(en.required)
    expect(fieldError(email, 'ada', en)).toBe(en.invalidEmail)
    expect(fieldError(email, 'ada@example.org', en)).toBeUndefined()
    expect(fieldError({ ...email, required: false }, '', en)).toBeUndefined()
    expect(fieldError({ key: 'phone', kind: 'phone', label: {} }, 'call me', en)).toBe(en.invalidPhone)
    expect(fieldError({ key: 'x', kind: 'text', label: {} }, 'x'.repeat(201), en)).toBe(en.tooLong(200))
  })
})

describe('writing', () => {
  it('counts characters as the server does', () => {
    expect(characters('a😀好')).toBe(3)
  })

  it('leaves Enter to an input method', () => {
    const enter = (init: KeyboardEventInit): KeyboardEvent =>
      new KeyboardEvent('keydown', { key: 'Enter', ...init })
    expect(isComposing(enter({}))).toBe(false)
    expect(isComposing(enter({ isComposing: true }))).toBe(true)
    expect(isComposing(enter({ keyCode: 229 } as KeyboardEventInit))).toBe(true)
  })
})

describe('people', () => {
  it('have initials in every script', () => {
    expect(['Anna Berg', 'ben', '王小明', ' ', 'Ana María Ruiz'].map(initials)).toEqual([
      'AB',
      'B',
      '王',
      '',
      'AM',
    ])
  })

  it('have pictures from the net only', () => {
    expect(pictureAddress('https://a.example/p.png')).toBe('https://a.example/p.png')
    expect(pictureAddress('javascript:alert(1)')).toBeUndefined()
    expect(pictureAddress('tel:1')).toBeUndefined()
    expect(pictureAddress(null)).toBeUndefined()
  })

  it('are told apart by their token’s subject', () => {
    const token = (claims: unknown): string => `x.${btoa(JSON.stringify(claims)).replace(/=+$/, '')}.y`
    expect(claimsOf(token({ sub: 'cust-1' })).sub).toBe('cust-1')
    expect(claimsOf('nonsense')).toEqual({})
    expect(claimsOf(token(null))).toEqual({})
  })
})
