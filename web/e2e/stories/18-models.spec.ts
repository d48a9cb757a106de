import { expect, test } from '../src/story'

/** Ways to ask for a parcel, and to send something back. */
const PARCEL = [
  'where is',
  'when comes',
  'please find',
  'track',
  'is it late,',
  'I wait for',
  'still no',
  'any news of',
]
const RETURN = [
  'send back',
  'I return',
  'refund for',
  'how do I return',
  'take back',
  'exchange',
  'give back',
  'refund',
]
const WRONG = 'where is my parcel now'

test('an example that contradicts the others is found with its version, and left out', async ({ world }) => {
  const api = await world.staff('anna')
  const examples = (ways: readonly string[], what: string) => ways.map((way) => ({ text: `${way} ${what}` }))
  const action = { do: 'knowledge' }
  await api.call('PUT', '/v1/intents/parcel', {
    action,
    examples: [...examples(PARCEL, 'my parcel'), ...examples(PARCEL, 'the parcel of mine')],
  })
  await api.call('PUT', '/v1/intents/return', {
    action,
    examples: [...examples(RETURN, 'this lamp'), ...examples(RETURN, 'the broken cup'), { text: WRONG }],
  })
  const anna = await world.agent('anna')
  await anna.visit('models')
  const { page } = anna
  await page.getByRole('button', { name: 'Train a new version' }).click()
  const open = page.getByRole('button', { name: 'Examples that contradict others' })
  await expect(open).toBeVisible({ timeout: 30_000 })
  await open.click()
  const row = page.getByRole('row').filter({ hasText: WRONG })
  await expect(row).toContainText('parcel')
  await row.getByRole('button', { name: 'Leave out' }).click()
  await expect(row.getByRole('button', { name: 'Left out' })).toBeDisabled()
  const intent = await api.call('GET', '/v1/intents/return')
  expect(intent.examples).toContainEqual(expect.objectContaining({ text: WRONG, left_out: true }))
})
