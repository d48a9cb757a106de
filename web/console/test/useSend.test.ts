import type { Attachment } from '@deskwire/sdk'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { draftOf, keepDraft } from '../src/chat/composer/drafts'
import type { Upload } from '../src/chat/composer/uploads'
import { sendInOrder } from '../src/chat/composer/useSend'
import { Memory } from './memory'

beforeEach(() => vi.stubGlobal('localStorage', new Memory()))
afterEach(() => vi.unstubAllGlobals())

const attachment: Attachment = { id: 'att_1', name: 'a.txt', media_type: 'text/plain', size: 1 }
const upload: Upload = { key: 'k', file: new File(['x'], 'a.txt'), progress: 1, attachment }
const refuse = async () => {
  throw new Error('too large')
}

it('words beside a file stay where they were not sent', async () => {
  keepDraft('cnv_1', 'reply', 'See this')
  const given = { draft: 'See this', uploads: [upload] }
  await expect(sendInOrder('cnv_1', 'reply', given, { say: refuse, sayText: refuse })).rejects.toThrow()
  expect(draftOf('cnv_1', 'reply')).toBe('See this')
  const say = vi.fn(async () => undefined)
  await sendInOrder('cnv_1', 'reply', given, { say, sayText: refuse })
  expect(say).toHaveBeenCalledWith(expect.objectContaining({ attachment: 'att_1', text: 'See this' }))
  expect(draftOf('cnv_1', 'reply')).toBe('')
})

it('words that were sent leave, though a file after them is refused; what was typed meanwhile stays', async () => {
  keepDraft('cnv_2', 'note', 'Two files')
  const sayText = vi.fn(async () => keepDraft('cnv_2', 'note', 'Two files, and more'))
  const given = { draft: 'Two files', uploads: [upload, { ...upload, key: 'l' }] }
  await expect(sendInOrder('cnv_2', 'note', given, { say: refuse, sayText })).rejects.toThrow()
  expect(draftOf('cnv_2', 'note')).toBe(', and more')
})
