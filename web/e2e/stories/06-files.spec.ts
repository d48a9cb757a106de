import { readFile, writeFile } from 'node:fs/promises'
import type { FileChooser, Locator } from '@playwright/test'
import type { Console } from '../src/pages/console'
import type { Shop } from '../src/pages/shop'
import { expect, test, type World } from '../src/story'
import { picture } from '../src/world/picture'

/** Bytes of the largest file that may be sent: the server's limit. */
const MOST_BYTES = 20 * 1024 * 1024

async function talking(world: World): Promise<{ anna: Console; shop: Shop }> {
  const anna = await world.agent('anna')
  await anna.be('Online')
  const shop = await world.visitor()
  await shop.widget.open()
  await shop.widget.introduce('Grace Hopper')
  await shop.widget.say('Look at this.')
  await anna.open('Grace Hopper')
  return { anna, shop }
}

/** Pastes a picture, as from a screenshot tool. */
async function paste(field: Locator, bytes: Buffer): Promise<void> {
  await field.evaluate((element, base64) => {
    const file = new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], 'crack.png', {
      type: 'image/png',
    })
    const clipboardData = new DataTransfer()
    clipboardData.items.add(file)
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  }, bytes.toString('base64'))
}

/** Chooses files by the clip's button. */
async function choose(shop: Shop, file: Parameters<FileChooser['setFiles']>[0]): Promise<void> {
  const chooser = shop.page.waitForEvent('filechooser')
  await shop.widget.panel.getByRole('button', { name: 'Attach a file' }).click()
  await (await chooser).setFiles(file)
}

/** Whether a picture is really shown, and not only its frame. */
function isDrawn(image: Locator): Promise<boolean> {
  return image.evaluate((element: HTMLImageElement) => element.complete && element.naturalWidth > 0)
}

test('a pasted picture is seen by both, and opens whole', async ({ world }) => {
  const { anna, shop } = await talking(world)
  await paste(shop.widget.composer, picture(160, [200, 60, 40]))
  const own = shop.widget.log.getByRole('link', { name: 'Open the picture crack.png' })
  await expect.poll(() => isDrawn(own.locator('img'))).toBe(true)
  const theirs = anna.log.getByRole('img', { name: 'Picture: crack.png' })
  await expect.poll(() => isDrawn(theirs)).toBe(true)
})

test('a chosen file shows how far it is, and the agent gets it byte for byte', async ({ world }) => {
  const { anna, shop } = await talking(world)
  const bytes = Buffer.from('Order A1001: one lamp, three notebooks. 订单。\n'.repeat(2_000))
  let release = () => {}
  const held = new Promise<void>((done) => {
    release = done
  })
  await shop.context.route('**', async (route) => {
    if (route.request().method() === 'PUT') await held
    await route.continue()
  })
  await choose(shop, { name: 'order.txt', mimeType: 'text/plain', buffer: bytes })
  await expect(
    shop.widget.panel.getByRole('progressbar', { name: /Uploading order.txt: \d+ %/ }),
  ).toBeVisible()
  release()
  await expect(shop.widget.panel.getByRole('progressbar')).toBeHidden()
  await expect(shop.widget.log.getByRole('link', { name: /Download order\.txt/ })).toBeVisible()

  const download = anna.context.waitForEvent('page').then((page) => page.waitForEvent('download'))
  const here = anna.page.waitForEvent('download')
  await anna
    .entry('order.txt')
    .getByRole('button', { name: /order\.txt/ })
    .click()
  const file = await Promise.race([here, download])
  expect(file.suggestedFilename()).toBe('order.txt')
  expect(await readFile(await file.path())).toEqual(bytes)
})

test('a file that is too large is refused in words, and what was written stays', async ({ world }, info) => {
  const { shop } = await talking(world)
  const { widget } = shop
  await widget.composer.fill('Here is the video:')
  const video = info.outputPath('video.mp4')
  await writeFile(video, Buffer.alloc(MOST_BYTES + 1))
  await choose(shop, video)
  const refusal = widget.panel.getByRole('alert')
  await expect(refusal).toContainText('This file is too large. A file may have 20 MB at most.')
  await expect(widget.composer).toHaveValue('Here is the video:')
  await refusal.getByRole('button', { name: 'Discard' }).click()
  await expect(refusal).toBeHidden()
  await choose(shop, { name: 'nothing.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) })
  await expect(refusal).toContainText('This file is empty.')
})

test('the agent sends a picture with words', async ({ world }) => {
  const { anna, shop } = await talking(world)
  await paste(anna.composer, picture(120, [40, 120, 200]))
  await expect(anna.page.getByRole('listitem').filter({ hasText: 'crack.png' })).toContainText(/\d B/)
  await anna.say('This is how it should look.')
  const seen = shop.widget.log.getByRole('link', { name: 'Open the picture crack.png' })
  await expect.poll(() => isDrawn(seen.locator('img'))).toBe(true)
  await expect(shop.widget.bubble('This is how it should look.')).toBeVisible()
})
