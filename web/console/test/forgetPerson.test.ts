import type { Deskwire } from '@deskwire/sdk'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { forgetPerson } from '../src/app/forgetPerson'
import { Mentions } from '../src/app/mentions'
import { draftOf, keepDraft, ownDrafts } from '../src/chat/composer/drafts'
import { addFiles, uploadsOf } from '../src/chat/composer/uploads'
import { Memory } from './memory'

beforeEach(() => vi.stubGlobal('localStorage', new Memory()))
afterEach(() => vi.unstubAllGlobals())

it('what somebody wrote, chose and was told is gone with them; what others have stays', () => {
  ownDrafts('agt_other')
  keepDraft('cnv_1', 'reply', 'Theirs')
  ownDrafts('agt_me')
  keepDraft('cnv_1', 'reply', 'Mine')
  const mention = { conversation: 'cnv_1', seq: 1, by: { kind: 'agent' as const }, text: 'Look', at: '' }
  new Mentions('agt_me').add(mention, false)
  let signal: AbortSignal | undefined
  const upload = (_: File, options: { signal: AbortSignal }) => {
    signal = options.signal
    return new Promise(() => undefined)
  }
  addFiles({ upload } as unknown as Deskwire, 'cnv_1', [new File(['x'], 'a.txt')])

  forgetPerson('agt_me')

  expect(draftOf('cnv_1', 'reply')).toBe('')
  expect(new Mentions('agt_me').list).toEqual([])
  expect(uploadsOf('cnv_1')).toEqual([])
  expect(signal?.aborted).toBe(true)
  ownDrafts('agt_other')
  expect(draftOf('cnv_1', 'reply')).toBe('Theirs')
})
