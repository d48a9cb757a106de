import { type OutboxFrame, type Pending, Problem } from '@deskwire/sdk'
import { afterEach, expect, it } from 'vitest'
import type { Chat } from '../src/chat'
import { labelOf } from '../src/model/rows'
import { show } from '../src/view/context'
import { useDeed } from '../src/view/deed'

afterEach(() => show(undefined))

const problem = new Problem({ code: 'not_found', message: 'gone' })

function pending(clientId: string, status: Pending['status'], frame: object): Pending {
  const whole = { client_id: clientId, after: 3, conversation: 'cnv_1', ...frame } as OutboxFrame
  return {
    clientId,
    status,
    frame: whole,
    action: whole.action,
    at: 0,
    ...(status === 'refused' && { problem }),
  }
}

/** A chat as it is after a reload: all that is known of what was done is in the outbox. */
function reloaded(outbox: Pending[]) {
  const discarded: string[] = []
  let done = 0
  const desk = { outbox, discard: async (id: string) => discarded.push(id) }
  const chat = { session: { desk: { value: desk } }, do: async () => (done += 1) }
  show(chat as unknown as Chat)
  return { discarded, done: () => done }
}

it('what was refused shows why, also after a reload, and goes when it is done again', () => {
  const { discarded, done } = reloaded([
    pending('c1', 'refused', { action: 'postback', card: 2, value: 'yes' }),
  ])
  const press = useDeed('postback', 'cnv_1', 2)
  expect([press.deed, press.problem]).toEqual([undefined, problem])
  press.act(async () => pending('c2', 'queued', { action: 'postback', card: 2, value: 'yes' }))
  expect([discarded, done()]).toEqual([['c1'], 1])
})

it('what is on its way is shown where it was done, and the last counts', () => {
  reloaded([
    pending('c1', 'queued', { action: 'feedback', entry: 2, good: true }),
    pending('c2', 'sending', { action: 'feedback', entry: 2, good: false }),
    pending('c3', 'queued', { action: 'rate', score: 4 }),
  ])
  expect(useDeed('feedback', 'cnv_1', 2).deed?.good).toBe(false)
  expect(useDeed('feedback', 'cnv_1', 3).deed).toBeUndefined()
  expect(useDeed('feedback', 'cnv_2', 2).deed).toBeUndefined()
  expect(useDeed('rate', 'cnv_1').deed?.score).toBe(4)
})

it('a button that was pressed is called as on its card', () => {
  const buttons = [{ label: 'Yes, please', postback: 'yes' }]
  const card = { seq: 2, type: 'message', content: { kind: 'card', title: 'Well?', buttons } }
  const entries = [card] as unknown as Parameters<typeof labelOf>[0]
  expect(['yes', 'no'].map((value) => labelOf(entries, 2, value))).toEqual(['Yes, please', undefined])
  expect(labelOf(entries, 3, 'yes')).toBeUndefined()
})
