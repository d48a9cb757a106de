import type { Console } from '../src/pages/console'
import type { Shop } from '../src/pages/shop'
import { expect, test, type World } from '../src/story'

/** Milliseconds within which clients that a restart has cut come back: the console of staff in ten seconds at most. */
const BACK_MS = 30_000

/** Anna and a visitor who have begun to talk. */
async function talking(world: World): Promise<{ anna: Console; shop: Shop }> {
  const anna = await world.agent('anna')
  await anna.be('Online')
  const shop = await world.visitor()
  await shop.widget.open()
  await shop.widget.introduce('Grace Hopper')
  await shop.widget.say('Message 1')
  await anna.open('Grace Hopper')
  await anna.say('Answer 1')
  await expect(shop.widget.bubble('Answer 1')).toBeVisible()
  return { anna, shop }
}

/** Both sides have this, in this order, each once. */
async function bothHave(anna: Console, shop: Shop, all: string[]): Promise<void> {
  const last = all.at(-1) ?? ''
  await expect(shop.widget.bubble(last)).toBeVisible({ timeout: BACK_MS })
  await expect(anna.entry(last)).toBeVisible({ timeout: BACK_MS })
  await expect(shop.widget.bubble(/Message|Answer/)).toHaveText(all)
  await expect(anna.entry(/Message|Answer/)).toHaveText(all.map((text) => new RegExp(text)))
}

test('the visitor’s network goes and comes', async ({ world }) => {
  const { anna, shop } = await talking(world)
  const { widget } = shop
  await shop.context.setOffline(true)
  await widget.say('Message 2')
  await expect(widget.notice('No connection')).toBeVisible()
  await anna.say('Answer 2')
  await widget.say('Message 3')
  await expect(widget.mark).toContainText(/Waiting to be sent|Sending/)

  await shop.context.setOffline(false)
  await expect(widget.notice('No connection')).toBeHidden({ timeout: BACK_MS })
  await bothHave(anna, shop, ['Message 1', 'Answer 1', 'Answer 2', 'Message 2', 'Message 3'])
})

test('the agent’s network goes and comes', async ({ world }) => {
  const { anna, shop } = await talking(world)
  await anna.context.setOffline(true)
  await anna.say('Answer 2')
  await expect(anna.banner).toBeVisible()
  await shop.widget.say('Message 2')
  await anna.say('Answer 3')

  await anna.context.setOffline(false)
  await expect(anna.banner).toBeHidden({ timeout: BACK_MS })
  await bothHave(anna, shop, ['Message 1', 'Answer 1', 'Message 2', 'Answer 2', 'Answer 3'])
})

for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
  test(`Deskwire is ended by ${signal} and started again: nothing is lost, nothing comes twice`, async ({
    world,
  }) => {
    const { anna, shop } = await talking(world)
    const { widget } = shop
    await world.gateway.down(signal)
    await widget.say('Message 2')
    await anna.say('Answer 2')
    await expect(widget.notice(/No connection|Connecting/)).toBeVisible()
    await expect(anna.banner).toBeVisible()

    await world.gateway.up()
    await expect(anna.banner).toBeHidden({ timeout: BACK_MS })
    // Visitors are spread over forty seconds after a restart; this one does not want to wait.
    const now = widget.panel.getByRole('button', { name: 'Try now' })
    await now.click({ timeout: BACK_MS }).catch(() => expect(now).toBeHidden())
    await expect(widget.notice(/No connection|Connecting/)).toBeHidden({ timeout: BACK_MS })
    await expect(anna.entry('Message 2')).toBeVisible()
    await expect(widget.bubble('Answer 2')).toBeVisible()
    await widget.say('Message 3')
    await expect(anna.entry(/Message \d/)).toHaveText([/Message 1/, /Message 2/, /Message 3/])
    await expect(anna.entry(/Answer \d/)).toHaveText([/Answer 1/, /Answer 2/])
    await expect(widget.bubble(/Message/)).toHaveText(['Message 1', 'Message 2', 'Message 3'])
    await expect(widget.bubble(/Answer/)).toHaveText(['Answer 1', 'Answer 2'])
  })
}
