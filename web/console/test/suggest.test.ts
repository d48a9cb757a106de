import { describe, expect, it } from 'vitest'
import {
  filled,
  mentionsIn,
  offersFor,
  placesIn,
  readArguments,
  type Sources,
} from '../src/chat/composer/suggest'
import type { Agent, QueryInfo } from '../src/ui/schema'

const counts = { memory: 0, table: 0, origin: 0, stale: 0, failed: 0 }
const order: QueryInfo = {
  name: 'order',
  command: 'order',
  args: [{ name: 'number', optional: false }],
  cache_seconds: 0,
  counts,
}
const stock: QueryInfo = {
  name: 'stock',
  args: [
    { name: 'shop', optional: false },
    { name: 'article', optional: false },
    { name: 'who', from: 'external_id', optional: false },
  ],
  cache_seconds: 0,
  counts,
}

function agent(id: string, name: string, disabled = false): Agent {
  return { id, name, disabled, role: 'agent', capacity: 1, load: 0, status: 'online', skills: [], teams: [] }
}

const sources: Sources = {
  canned: [
    { short: 'bye', text: 'Thank you, and a refund follows' },
    { short: 'refund', text: 'Your money is on its way' },
  ],
  queries: [order, stock],
  agents: [
    agent('agt_1', 'Anna'),
    agent('agt_2', 'Anna Berg'),
    agent('agt_3', '王小明'),
    agent('agt_4', 'Old', true),
  ],
}

const titles = (text: string, mode: 'reply' | 'note' = 'reply', caret = text.length) =>
  offersFor(text, caret, mode, sources).map((offer) => offer.title)

describe('what is offered after a slash', () => {
  it('has canned responses and queries, what begins with the word first', () => {
    expect(titles('/')).toEqual(['/bye', '/refund', '/order number', '/stock shop article'])
    expect(titles('/refund')).toEqual(['/refund', '/bye'])
  })

  it('has only the query once its arguments are typed', () => {
    expect(titles('/order A1')).toEqual(['/order number'])
    expect(titles('/orde A1')).toEqual([])
  })

  it('has nothing in the middle of a text, nor after a line', () => {
    expect(titles('see /order')).toEqual([])
    expect(titles('/order\nA1')).toEqual([])
  })
})

describe('arguments of a query', () => {
  it('are words in order, and the last takes the rest', () => {
    expect(readArguments(order, '  A1001 ')).toEqual({ number: 'A1001' })
    expect(readArguments(stock, 'berlin red shoes 42')).toEqual({ shop: 'berlin', article: 'red shoes 42' })
    expect(readArguments(stock, '')).toEqual({})
  })
})

describe('mentions', () => {
  it('are offered in notes only, by what was typed before the cursor', () => {
    expect(titles('hey @ann', 'reply')).toEqual([])
    expect(titles('hey @ann', 'note')).toEqual(['Anna', 'Anna Berg'])
    expect(titles('@王', 'note')).toEqual(['王小明'])
    expect(titles('mail@ann', 'note')).toEqual([])
    expect(titles('@old', 'note')).toEqual([])
    expect(titles('@ann and more', 'note', 4)).toEqual(['Anna', 'Anna Berg'])
  })

  it('count the longest name, each once', () => {
    expect(mentionsIn('@Anna Berg please', sources.agents)).toEqual(['agt_2'])
    expect(mentionsIn('@Anna Berg and @Anna, @Anna', sources.agents).sort()).toEqual(['agt_1', 'agt_2'])
    expect(mentionsIn('nobody', sources.agents)).toEqual([])
  })
})

describe('places of a canned response', () => {
  const known = new Map([
    ['contact.name', 'Ada'],
    ['agent.name', undefined],
  ])

  it('are filled with what is known; all else stays as it was typed', () => {
    expect(filled('Hello {{ contact.name }}, {{contact.name}}!', known)).toBe('Hello Ada, Ada!')
    expect(filled('I am {{ agent.name }} of {{ company }}', known)).toBe(
      'I am {{ agent.name }} of {{ company }}',
    )
    expect(filled('{{ constructor }} {{ }} {{ contact.name', known)).toBe(
      '{{ constructor }} {{ }} {{ contact.name',
    )
  })

  it('do not fill what came out of them', () => {
    const odd = new Map([
      ['contact.name', '{{ agent.name }} $&'],
      ['agent.name', 'Anna'],
    ])
    expect(filled('{{ contact.name }}', odd)).toBe('{{ agent.name }} $&')
  })

  it('are named once each while they are open', () => {
    expect(placesIn('{{ order }}, {{ order }} and {{ day }}')).toEqual(['{{ order }}', '{{ day }}'])
    expect(placesIn('Nothing is open.')).toEqual([])
  })
})
