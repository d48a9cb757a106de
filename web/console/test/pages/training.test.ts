import { expect, test } from 'vitest'
import { leftOut, statusOf } from '../../src/pages/ai/training'
import type { Intent, ModelVersion } from '../../src/ui/schema'

const MINUTE = 60_000

test('a training that cannot be under way any more has failed', () => {
  const created = '2026-11-30T08:00:00Z'
  const begun = Date.parse(created)
  const model: ModelVersion = { version: 'mdl_1', status: 'training', serving: false, created }
  expect(statusOf(model, begun + 14 * MINUTE)).toBe('training')
  expect(statusOf(model, begun + 16 * MINUTE)).toBe('failed')
  expect(statusOf({ ...model, status: 'ready' }, begun + 16 * MINUTE)).toBe('ready')
})

test('an example is left out, and all of them stay', () => {
  const intent = { examples: [{ text: 'a', slots: [] }, { text: 'b' }] } as unknown as Intent
  expect(leftOut(intent, 'a')).toEqual([{ text: 'a', slots: [], left_out: true }, { text: 'b' }])
})
