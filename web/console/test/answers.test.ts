import type { EntryView } from '@deskwire/sdk'
import { expect, it } from 'vitest'
import { newestAnswer } from '../src/chat/conversation/answers'

const said = (seq: number, kind: string, content: object, type = 'message') =>
  ({ seq, type, by: { kind }, content }) as unknown as EntryView

it('the newest answer is in words, and by one who answers', () => {
  const text = (text: string) => ({ kind: 'text', text })
  const answer = said(2, 'agent', text('Within two days.'))
  const entries = [
    said(1, 'bot', text('Hello')),
    answer,
    said(3, 'visitor', text('Thanks')),
    said(4, 'agent', { kind: 'image', name: 'a.png', attachment: 'att_1' }),
    said(5, 'agent', text('A note'), 'note'),
    { hidden: true, seq: 6 } as unknown as EntryView,
  ]
  expect(newestAnswer(entries)).toBe(answer)
  expect(newestAnswer([])).toBeUndefined()
})
