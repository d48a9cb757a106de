import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Mentions } from '../src/app/mentions'
import { Memory } from './memory'

const note = (seq: number, conversation = 'cnv_1', text = 'Look at this') => ({
  conversation,
  seq,
  by: { kind: 'agent' as const, id: 'agt_ben' },
  text,
  at: '2026-11-30T08:00:00Z',
})

const unread = ({ list }: Mentions) => list.filter(({ read }) => !read).map(({ seq }) => seq)

describe('the mentions of an agent', () => {
  beforeEach(() => {
    vi.stubGlobal('localStorage', new Memory())
  })
  afterEach(() => vi.unstubAllGlobals())

  it('are each there once, newest first, the last fifty', () => {
    const store = new Mentions('agt_me')
    for (let seq = 1; seq <= 60; seq += 1) store.add(note(seq), false)
    store.add(note(60), false)
    expect(store.list.map(({ seq }) => seq)).toEqual(Array.from({ length: 50 }, (_, at) => 60 - at))
  })

  it('are read with their conversation, or all at once', () => {
    const store = new Mentions('agt_me')
    store.add(note(1, 'cnv_1'), false)
    store.add(note(2, 'cnv_2'), false)
    store.add(note(3, 'cnv_3'), true)
    store.read('cnv_1')
    expect(unread(store)).toEqual([2])
    store.read()
    expect(unread(store)).toEqual([])
  })

  it('are the same in another tab, and stay read there', () => {
    const one = new Mentions('agt_me')
    const other = new Mentions('agt_me')
    one.add(note(1), true)
    other.add(note(1), false)
    expect([one.list, unread(other)]).toEqual([other.list, []])
  })

  it('are not those of whoever else uses the machine', () => {
    new Mentions('agt_me').add(note(1), false)
    expect(new Mentions('agt_ben').list).toEqual([])
  })

  it('outlive a storage that is full, and one in which something else stands', () => {
    localStorage.setItem('deskwire.mentions.agt_me', '[1, {"seq": 2}, "x"]')
    const store = new Mentions('agt_me')
    expect(store.list).toEqual([])
    vi.spyOn(localStorage, 'setItem').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    store.add(note(1), false)
    expect(unread(store)).toEqual([1])
  })

  it('are told of when they change, and only then', () => {
    vi.stubGlobal('window', new EventTarget())
    const store = new Mentions('agt_me')
    const heard = vi.fn()
    const end = store.subscribe(heard)
    store.add(note(1), false)
    store.add(note(1), false)
    store.read('cnv_9')
    expect(heard).toHaveBeenCalledTimes(1)
    window.dispatchEvent(Object.assign(new Event('storage'), { key: 'deskwire.mentions.agt_me' }))
    expect(heard).toHaveBeenCalledTimes(2)
    end()
    store.read()
    expect(heard).toHaveBeenCalledTimes(2)
  })

  it('keep only how a long note begins', () => {
    const store = new Mentions('agt_me')
    store.add(note(1, 'cnv_1', 'x'.repeat(8_000)), false)
    expect(store.list[0]?.text).toHaveLength(160)
  })
})
