import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { TitleFlash } from '../src/model/attention'

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(true)
  document.title = 'Shop'
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

it('gives back the title that it found', () => {
  const flash = new TitleFlash()
  flash.flash('New')
  expect(document.title).toBe('New')
  vi.advanceTimersByTime(1_200)
  expect(document.title).toBe('Shop')
  vi.advanceTimersByTime(1_200)
  flash.flash('Newer')
  expect(document.title).toBe('Newer')
  flash.stop()
  expect(document.title).toBe('Shop')
})

it('leaves a title alone that the page has set meanwhile', () => {
  const flash = new TitleFlash()
  flash.flash('New')
  document.title = 'Checkout'
  vi.advanceTimersByTime(1_200)
  expect(document.title).toBe('Checkout')
  vi.advanceTimersByTime(1_200)
  expect(document.title).toBe('New')
  document.title = 'Paid'
  flash.stop()
  expect(document.title).toBe('Paid')
})
