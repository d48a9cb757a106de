import { expect, test } from '../src/story'

test('the visitor says how it was, changes their mind, and comes back', async ({ world }) => {
  const anna = await world.agent('anna')
  await anna.be('Online')
  const { widget } = await world.visitor()
  await widget.open()
  await widget.introduce('Grace Hopper')
  await widget.say('Thank you, that is all.')
  await anna.open('Grace Hopper')
  await anna.say('You are welcome.')
  await expect(widget.bubble('You are welcome.')).toBeVisible()
  await anna.close('answered')

  const rating = widget.panel.getByRole('region', { name: 'How did we do?' })
  await test.step('a face, then words', async () => {
    await expect(widget.line('The chat has ended')).toBeVisible()
    await rating.getByRole('button', { name: '4 of 5: Good' }).click()
    await expect(anna.log.getByRole('img', { name: 'Rated 4 of 5' })).toBeVisible()
    await rating.getByRole('textbox').fill('Quick and kind.')
    await rating.getByRole('button', { name: 'Send' }).click()
    await expect(rating).toContainText('Thank you for telling us.')
    await expect(anna.entry('Quick and kind.')).toBeVisible()
  })

  await test.step('another face', async () => {
    await rating.getByRole('button', { name: 'Change' }).click()
    await rating.getByRole('button', { name: '2 of 5: Bad' }).click()
    await rating.getByRole('textbox').fill('The kettle broke after all.')
    await rating.getByRole('button', { name: 'Send' }).click()
    await expect(
      anna.entry('The kettle broke after all.').getByRole('img', { name: 'Rated 2 of 5' }),
    ).toBeVisible()
  })

  await test.step('the next message opens it again, with the same agent', async () => {
    await widget.say('One more thing.')
    await expect(widget.line('The chat goes on')).toBeVisible()
    await expect(rating).toBeHidden()
    await anna.list('Mine')
    await anna.open('One more thing.')
    await anna.say('I am still here.')
    await expect(widget.bubble('I am still here.')).toBeVisible()
  })

  await test.step('the supervisor’s board has counted it', async () => {
    await anna.visit('live')
    await expect(anna.page.getByRole('heading', { name: 'Live board' })).toBeVisible()
    await expect(anna.page.getByText('of 1 rating')).toBeVisible({ timeout: 30_000 })
  })
})
