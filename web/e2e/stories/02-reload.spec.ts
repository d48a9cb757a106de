import { expect, test } from '../src/story'

test('what waits to be sent survives a reload, and arrives once and in order', async ({ world }) => {
  const anna = await world.agent('anna')
  await anna.be('Online')
  const { shop, line } = await world.visitorOnLine()
  const { widget } = shop
  await widget.open()
  await widget.introduce('Grace Hopper')
  await widget.say('First, before the cut.')
  await anna.open('Grace Hopper')

  await line.cut()
  await widget.say('Second, into the void.')
  await widget.say('Third, right behind it.')
  await expect(widget.bubble('Third')).toBeVisible()
  await expect(widget.mark).toContainText(/Waiting to be sent|Sending/)

  await shop.reload()
  await widget.open()
  await expect(widget.bubble('Second, into the void.')).toBeVisible()
  await expect(widget.bubble('Third, right behind it.')).toBeVisible()
  await expect(anna.entry('Second')).toHaveCount(0)

  await line.mend()
  const all = ['First, before the cut.', 'Second, into the void.', 'Third, right behind it.']
  await expect(anna.entry('Third, right behind it.')).toBeVisible({ timeout: 30_000 })
  await expect(widget.mark).toContainText('Read')
  expect(await widget.texts()).toEqual(all)
  await expect(anna.entry(/First|Second|Third/)).toHaveText(all.map((text) => new RegExp(text)))
})

test('a first message that never got out makes one conversation, after a reload', async ({ world }) => {
  const anna = await world.agent('anna')
  await anna.be('Online')
  const { shop, line } = await world.visitorOnLine()
  const { widget } = shop
  await widget.open()
  await widget.introduce('Grace Hopper')
  await line.cut()
  await widget.say('Is anybody there?')
  await expect(widget.bubble('Is anybody there?')).toBeVisible()

  await shop.reload()
  await widget.open()
  await expect(widget.bubble('Is anybody there?')).toBeVisible()
  await line.mend()

  await expect(anna.row('Is anybody there?')).toHaveCount(1, { timeout: 30_000 })
  await anna.open('Is anybody there?')
  await expect(anna.entry('Is anybody there?')).toHaveCount(1)
  await expect(widget.bubble('Is anybody there?')).toHaveCount(1)
})
