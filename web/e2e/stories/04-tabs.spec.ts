import type { Page } from '@playwright/test'
import type { Shop } from '../src/pages/shop'
import { expect, test } from '../src/story'

/** Sockets to Deskwire that a page has open now. */
class Sockets {
  open = 0

  constructor(page: Page) {
    page.on('websocket', (socket) => {
      if (!/\/ws\b/.test(socket.url())) return
      this.open += 1
      socket.once('close', () => {
        this.open -= 1
      })
    })
  }
}

test('two tabs of one visitor share one socket, and the second takes over', async ({ world }) => {
  const anna = await world.agent('anna')
  await anna.be('Online')
  const first = await world.visitor()
  const firstSockets = new Sockets(first.page)
  await first.widget.open()
  await first.widget.introduce('Grace Hopper')
  await first.widget.say('From the first tab')
  await anna.open('Grace Hopper')

  let secondSockets: Sockets | undefined
  first.context.once('page', (page) => {
    secondSockets = new Sockets(page)
  })
  const second: Shop = await first.anotherTab()
  await second.widget.open()
  await expect(second.widget.bubble('From the first tab')).toBeVisible()
  await second.widget.say('From the second tab')
  await anna.say('To both of you')
  for (const tab of [first, second]) {
    await expect(tab.widget.bubble(/./)).toHaveText([
      'From the first tab',
      'From the second tab',
      'To both of you',
    ])
  }
  expect(firstSockets.open).toBe(1)
  expect(secondSockets?.open).toBe(0)

  await first.page.close()
  await expect.poll(() => secondSockets?.open).toBe(1)
  await second.widget.say('Alone now')
  await expect(anna.entry('Alone now')).toHaveCount(1)
  await anna.say('I still hear you')
  await expect(second.widget.bubble('I still hear you')).toBeVisible()
})

test('two tabs of one agent show the same', async ({ world }) => {
  const anna = await world.agent('anna')
  await anna.be('Online')
  const { widget } = await world.visitor()
  await widget.open()
  await widget.introduce('Grace Hopper')
  await widget.say('Hello')
  await anna.open('Grace Hopper')
  const other = await anna.anotherTab()
  await other.open('Grace Hopper')

  await other.say('From the other tab')
  await expect(anna.entry('From the other tab')).toHaveCount(1)
  await anna.say('From the first')
  await expect(other.entry('From the first')).toHaveCount(1)
  await expect(widget.bubble(/From/)).toHaveText(['From the other tab', 'From the first'])

  await anna.close()
  await expect(other.row('Grace Hopper')).toBeHidden()
  await expect(other.action('Reopen')).toBeVisible()
})

test('an agent who signs out in one tab is signed out in the other, and leaves nothing behind', async ({
  world,
}) => {
  const anna = await world.agent('anna')
  await anna.be('Online')
  const { widget } = await world.visitor()
  await widget.open()
  await widget.introduce('Grace Hopper')
  await widget.say('Is this a good time?')
  await anna.open('Grace Hopper')
  await anna.composer.fill('Half a thought')
  const other = await anna.anotherTab()
  await other.open('Grace Hopper')

  await anna.signOut()
  for (const { page } of [anna, other]) {
    await expect(page.getByRole('heading', { name: 'Sign in to your desk' })).toBeVisible()
    await expect(page.getByText('Grace Hopper')).toBeHidden()
  }
  const kept = await anna.page.evaluate(() => JSON.stringify(localStorage))
  expect(kept).not.toContain('Half a thought')
  await other.page.reload()
  await expect(other.page.getByRole('heading', { name: 'Sign in to your desk' })).toBeVisible()
})
