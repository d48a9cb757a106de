import { expect, test } from 'vitest'
import { saidTo } from '../src/chat/actions/useAction'

const full = Object.assign(new Error('That agent has as many conversations as they may have.'), {
  code: 'at_capacity',
})
const assign = (agent: string) => ({ action: 'assign' as const, conversation: 'cnv_1', agent })

test('an agent who is full themselves is told so in the second person', () => {
  const own = { code: 'self_at_capacity' }
  expect(saidTo('agt_1', { action: 'accept', conversation: 'cnv_1' }, full)).toMatchObject(own)
  expect(saidTo('agt_1', assign('agt_1'), full)).toMatchObject(own)
  expect(saidTo('agt_1', assign('agt_2'), full)).toBe(full)
})

test('any other refusal stays as it is', () => {
  const other = Object.assign(new Error('no'), { code: 'forbidden' })
  expect(saidTo('agt_1', assign('agt_1'), other)).toBe(other)
})
