import type { Contact } from '@deskwire/sdk'
import { expect, test } from 'vitest'
import { knownFor, knownValues } from '../src/chat/contact/queryValues'

const ada: Contact = {
  id: 'con_1',
  verified: true,
  created: '2026-11-25T08:00:00Z',
  version: 1,
  email: 'ada@example.com',
  attributes: { order: 'A1001', visits: 3, address: { city: 'London' }, orders: ['A1001', 'B7'] },
}
const arg = (name: string, pattern?: string) => ({ name, optional: false, ...(pattern && { pattern }) })

test('an argument is filled with what the contact has under its name', () => {
  expect(knownFor(arg('email'), ada)).toBe('ada@example.com')
  expect(knownFor(arg('order'), ada)).toBe('A1001')
  expect(knownFor(arg('visits'), ada)).toBe('3')
  expect(knownFor(arg('phone'), ada)).toBeUndefined()
  expect(knownFor(arg('address'), ada)).toBeUndefined()
})

test('what the argument would refuse is not offered', () => {
  expect(knownFor(arg('order', 'B[0-9]+'), ada)).toBeUndefined()
  expect(knownValues(arg('number', '[AB][0-9]+'), ada)).toEqual(['A1001', 'B7'])
})

test('a pattern that only the server can read refuses nothing here', () => {
  expect(knownFor(arg('order', '(?i'), ada)).toBe('A1001')
})
