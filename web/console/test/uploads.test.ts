import type { Attachment, Deskwire } from '@deskwire/sdk'
import { expect, test } from 'vitest'
import { addFiles, arrived, removeUpload, type Upload, uploadsOf } from '../src/chat/composer/uploads'

/** A desk whose uploads end when they are told to. */
function slowDesk() {
  const ends: { done: (attachment: Attachment) => void; fail: (problem: Error) => void }[] = []
  const upload = () => new Promise<Attachment>((done, fail) => ends.push({ done, fail }))
  return { desk: { upload } as unknown as Deskwire, ends }
}

const attachment: Attachment = { id: 'att_1', name: 'a.txt', media_type: 'text/plain', size: 1 }

/** Files that begin to go up, as the field has them. */
function begin(conversation: string, desk: Deskwire, ...names: string[]): readonly Upload[] {
  addFiles(
    desk,
    conversation,
    names.map((name) => new File(['x'], name)),
  )
  return uploadsOf(conversation)
}

test('a message goes once all of its files are there', async () => {
  const { desk, ends } = slowDesk()
  const waiting = arrived('cnv_1', begin('cnv_1', desk, 'a.txt', 'b.txt'))
  ends[0]?.done(attachment)
  ends[1]?.done({ ...attachment, id: 'att_2' })
  expect((await waiting)?.map((upload) => upload.attachment?.id)).toEqual(['att_1', 'att_2'])
})

test('it does not go without a file that failed, or that was taken out', async () => {
  const { desk, ends } = slowDesk()
  const failing = arrived('cnv_2', begin('cnv_2', desk, 'a.txt'))
  ends[0]?.fail(new Error('cut'))
  expect(await failing).toBeUndefined()
  const files = begin('cnv_3', desk, 'a.txt')
  const removed = arrived('cnv_3', files)
  for (const { key } of files) removeUpload('cnv_3', key)
  expect(await removed).toBeUndefined()
})

test('what is there already is not waited for', async () => {
  expect(await arrived('cnv_4', [])).toEqual([])
})
