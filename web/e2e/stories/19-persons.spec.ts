import type { Page } from '@playwright/test'
import { expect, test, type World } from '../src/story'

/** Anna is there, so that nobody is asked to leave a message. */
async function somebodyIsThere(world: World): Promise<void> {
  await (await world.agent('anna')).be('Online')
  await world.openToVisitors()
}

/** The shop says that somebody else is here now, without a word that the one before has gone. */
async function becomes(page: Page, customer: string): Promise<void> {
  await page.evaluate((customer) => {
    const token = async () => {
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(`/session/${customer}`, { method: 'POST', headers, body: '{}' })
      return (await answer.json()).token
    }
    const { deskwire } = window as unknown as {
      deskwire: (name: string, who: { token: typeof token }) => void
    }
    deskwire('identify', { token })
  }, customer)
}

test('who signs out in one tab is gone from the others, also where the page is left at once', async ({
  world,
}) => {
  await somebodyIsThere(world)
  const first = await world.visitor()
  await first.signInAs('Ada Byron')
  await first.widget.open()
  await first.widget.say('Only I may see this')
  await expect(first.widget.mark).toContainText(/Sent|Delivered|Read/)
  const second = await first.anotherTab()
  await second.signInAs('Ada Byron')
  await second.widget.open()
  await expect(second.widget.bubble('Only I may see this')).toBeVisible()
  await second.widget.composer.fill('Half a thought')

  await first.signInAs('a guest')
  await expect(second.widget.bubble('Only I may see this')).toBeHidden()
  await expect(second.page.locator('deskwire-widget')).not.toContainText('Only I may see this')
  const kept = await second.page.evaluate(() => JSON.stringify(localStorage))
  expect(kept).not.toContain('Half a thought')

  await first.widget.open()
  await first.widget.introduce('Grace Hopper')
  await expect(first.widget.bubble(/./)).toHaveCount(0)
  await first.widget.say('I am somebody else')
  await expect(first.widget.mark).toContainText(/Sent|Delivered|Read/)
  await expect(first.widget.bubble(/./)).toHaveText(['I am somebody else'])
  const staff = await world.staff()
  const rows = await staff.list('/v1/conversations')
  expect(rows).toHaveLength(2)
})

test('the next person on the same page finds neither the words nor the draft of the one before', async ({
  world,
}) => {
  await somebodyIsThere(world)
  const shop = await world.visitor()
  await shop.signInAs('Ada Byron')
  await shop.widget.open()
  await shop.widget.say('From Ada')
  await expect(shop.widget.mark).toContainText(/Sent|Delivered|Read/)
  await shop.widget.composer.fill('Half a thought of Ada’s')

  await becomes(shop.page, 'cust-1004')
  await expect(shop.widget.composer).toHaveValue('')
  await expect(shop.widget.bubble('From Ada')).toBeHidden()
  await shop.widget.say('From Bo')
  await expect(shop.widget.mark).toContainText(/Sent|Delivered|Read/)
  await expect(shop.widget.bubble(/./)).toHaveText(['From Bo'])
  await shop.widget.composer.fill('Half a thought of Bo’s')

  // In this tab the shop itself still knows Ada.
  await shop.reload()
  await shop.widget.open()
  await expect(shop.widget.bubble(/./)).toHaveText(['From Ada'])
  await expect(shop.widget.composer).toHaveValue('Half a thought of Ada’s')
})
