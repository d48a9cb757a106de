import { expect, test } from '../src/story'

test('an answer becomes an article by one key, once, and by its button', async ({ world }) => {
  const anna = await world.agent('anna')
  await anna.be('Online')
  const { widget } = await world.visitor()
  await widget.open()
  await widget.introduce('Grace Hopper')
  await widget.say('Do you send tea to Norway?')
  await anna.open('Grace Hopper')
  await anna.say('Yes, within a week.')
  await expect(widget.bubble('within a week')).toBeVisible()

  const { page } = anna
  const link = page.getByRole('link', { name: 'Open “Do you send tea to Norway?”' })
  await anna.composer.press('Escape')
  await page.keyboard.press('w')
  await expect(link).toBeVisible()
  await anna.entry('within a week').hover()
  await page.getByRole('button', { name: 'Make an article of it', exact: true }).click()
  await link.click()
  const article = page.getByRole('dialog', { name: 'Do you send tea to Norway?' })
  await expect(article.getByLabel('Text')).toHaveValue('Yes, within a week.')
  const api = await world.staff('anna')
  const made = (await api.list('/v1/articles')).filter(({ title }) => title === 'Do you send tea to Norway?')
  expect(made).toHaveLength(1)
})
