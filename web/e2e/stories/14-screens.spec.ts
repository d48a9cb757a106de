import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { expect, test, type World } from '../src/story'
import { fill } from '../src/world/demo'
import { packed } from '../src/world/picture'

/** Where the README finds them. */
const FOLDER = fileURLToPath(new URL('../../screens/', import.meta.url))

/** Bytes of one picture: a README with ten of them stays light. */
const MOST_BYTES = 250_000

const SIZE = { width: 1440, height: 900 }
const LIGHT = { viewport: SIZE, deviceScaleFactor: 1, colorScheme: 'light' } as const
const DARK = { ...LIGHT, colorScheme: 'dark' } as const
const CHINESE = { ...LIGHT, locale: 'zh-CN' } as const

// They are made when they are wanted: each makes many files anew that differ in a minute's digits only.
test.skip(!process.env.DESKWIRE_SCREENS, 'pictures are made with DESKWIRE_SCREENS=1')

async function take(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready)
  await page.evaluate(() => Promise.all(document.getAnimations().map((one) => one.finished.catch(() => {}))))
  const png = packed(await page.screenshot({ animations: 'disabled', caret: 'hide' }))
  expect(png.length, name).toBeLessThan(MOST_BYTES)
  await writeFile(`${FOLDER}${name}.png`, png)
}

/** Anna at the console, in Ada's conversation, with her order looked up and sent. */
async function atWork(world: World) {
  await fill(world.gateway)
  const anna = await world.agent('anna', LIGHT)
  await anna.be('Online')
  await anna.open('Ada Byron')
  await anna.composer.fill('/order A1001')
  await anna.page.getByRole('listbox').getByRole('option').first().waitFor()
  await anna.composer.press('Enter')
  await anna.page.getByRole('button', { name: 'Send to the visitor' }).click()
  await expect(anna.entry('129.90 EUR')).toBeVisible()
  await anna.say('It leaves tomorrow morning, and I have put a second bulb into the parcel.')
  await expect(anna.entry('second bulb')).toBeVisible()
  return anna
}

test('the shop and its chat', async ({ world }) => {
  await atWork(world)
  for (const [name, options] of [
    ['widget', LIGHT],
    ['widget-dark', DARK],
  ] as const) {
    const shop = await world.visitor(options)
    await shop.signInAs('Ada Byron')
    if (name === 'widget') await take(shop.page, 'shop')
    await shop.widget.open()
    await expect(shop.widget.bubble('second bulb')).toBeVisible()
    await take(shop.page, name)
  }
  const shop = await world.visitor(CHINESE)
  await shop.signInAs('李雷')
  const { widget } = shop
  await widget.open()
  await expect(widget.bubble('合并成一个包裹')).toBeVisible()
  await take(shop.page, 'widget-zh')
})

test('the console', async ({ world }) => {
  const anna = await atWork(world)
  await take(anna.page, 'console')
  await anna.page.emulateMedia({ colorScheme: 'dark' })
  await take(anna.page, 'console-dark')
  await anna.page.emulateMedia({ colorScheme: 'light' })
  await anna.visit('knowledge')
  await anna.page.getByText('Brewing Longjing').waitFor()
  await take(anna.page, 'knowledge')
  await anna.visit('webhooks')
  await anna.page.getByRole('heading', { level: 1, name: 'Webhooks' }).waitFor()
  await anna.page.getByText('/hooks/deskwire').first().click()
  await anna.page.getByRole('dialog').waitFor()
  await take(anna.page, 'webhooks')

  const chinese = await world.agent('anna', CHINESE)
  await chinese.open('李雷')
  await expect(chinese.entry('合并成一个包裹')).toBeVisible()
  await chinese.page.getByText('li.lei@example.com').waitFor()
  await take(chinese.page, 'console-zh')
})

test('the supervisor’s board', async ({ world }) => {
  const anna = await atWork(world)
  await anna.visit('live')
  await anna.page.getByText('of 2 ratings').waitFor()
  await take(anna.page, 'board')
})
