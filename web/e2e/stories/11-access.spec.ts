import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from '../src/story'

/** The rules that are law in many places: WCAG 2.1, levels A and AA. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']

/** Pages of the console beside the chat. */
const PAGES = [
  ['live', 'reports', 'contacts', 'held', 'knowledge', 'intents'],
  ['unanswered', 'models', 'quality', 'ai', 'agents', 'teams'],
  ['inboxes', 'canned', 'macros', 'labels', 'words', 'account'],
  ['rules', 'queries', 'secrets', 'webhooks', 'sources', 'events'],
]

/** What a scan finds that is serious or worse: the rule, and where. */
async function scan(page: Page, what: string): Promise<string[]> {
  // Nothing is judged in the middle of a movement.
  await page.evaluate(() => Promise.all(document.getAnimations().map((one) => one.finished.catch(() => {}))))
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map((node) => `${what}: ${id} at ${node.target.join(' ')}: ${node.any[0]?.message ?? node.html}`),
    )
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the widget has no serious finding, ${colorScheme}`, async ({ world }) => {
    const found: string[] = []
    const { widget, page } = await world.visitor({ colorScheme })
    found.push(...(await scan(page, 'shop, chat closed')))
    await widget.open()
    found.push(...(await scan(page, 'form for when nobody is there')))
    const anna = await world.agent('anna', { colorScheme })
    await anna.be('Online')
    await world.openToVisitors()
    await page.reload()
    await widget.open()
    await widget.panel.getByLabel('Your name').waitFor()
    found.push(...(await scan(page, 'form before the chat')))
    await widget.introduce('Grace Hopper')
    await widget.say('Hello, see https://shop.example/lamp')
    await anna.open('Grace Hopper')
    const send = await world.speaker(await world.staff())
    await send({
      kind: 'card',
      title: 'Order A1001',
      text: 'On its way.',
      fields: [{ name: 'Carrier', value: 'Swift Parcel' }],
      buttons: [{ label: 'Where is it?', postback: 'where' }],
    })
    await anna.say('Here it is.')
    await expect(widget.bubble('Here it is.')).toBeVisible()
    found.push(...(await scan(page, 'chat')))
    found.push(...(await scan(anna.page, 'console, conversation')))
    await anna.close()
    await widget.panel.getByRole('region', { name: 'How did we do?' }).waitFor()
    found.push(...(await scan(page, 'rating')))
    expect(found).toEqual([])
  })

  for (const pages of PAGES) {
    test(`the console has no serious finding, ${colorScheme}: ${pages.join(', ')}`, async ({ world }) => {
      const anna = await world.agent('anna', { colorScheme })
      const found: string[] = []
      for (const path of pages) {
        await anna.visit(path)
        await anna.page.getByRole('heading', { level: 1 }).waitFor()
        await anna.page.waitForLoadState('networkidle')
        found.push(...(await scan(anna.page, path)))
      }
      expect(found).toEqual([])
    })
  }
}

test('signing in, the palette, the help and the dialogs have no serious finding', async ({
  world,
  browser,
}) => {
  const context = await browser.newContext()
  await world.watch.over(context)
  const stranger = await context.newPage()
  await stranger.goto(`${world.gateway.url}/console/`)
  await stranger.getByRole('heading', { name: 'Sign in to your desk' }).waitFor()
  await stranger.getByRole('button', { name: /Continue with/ }).waitFor()
  const found = await scan(stranger, 'signing in')
  const anna = await world.agent('anna')
  await anna.be('Online')
  const { widget } = await world.visitor()
  await widget.open()
  await widget.introduce('Grace Hopper')
  await widget.say('Hello')
  await anna.open('Grace Hopper')
  for (const [key, what] of [
    ['ControlOrMeta+k', 'palette'],
    ['?', 'help'],
    ['t', 'transfer'],
    ['s', 'snooze'],
    ['l', 'labels'],
    ['e', 'close'],
  ] as const) {
    await anna.page.locator('body').press(key)
    await anna.page.getByRole('dialog').waitFor()
    found.push(...(await scan(anna.page, what)))
    // The first Escape may close a list in the dialog only.
    await expect(async () => {
      await anna.page.keyboard.press('Escape')
      await expect(anna.page.getByRole('dialog')).toBeHidden({ timeout: 1_000 })
    }).toPass()
  }
  expect(found).toEqual([])
})

test('a visitor who has only a keyboard opens, writes, presses a card’s button, rates and closes', async ({
  world,
}) => {
  const anna = await world.agent('anna')
  await anna.be('Online')
  const shop = await world.visitor()
  const { widget, page } = shop
  const { keyboard } = page
  /** Tab until this has focus: whoever only has a keyboard gets everywhere so. */
  const tabTo = async (name: RegExp, back = false) => {
    const focused = () =>
      page.evaluate(() => {
        let at = document.activeElement
        while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
        return `${at?.getAttribute('aria-label') ?? ''} ${at?.textContent ?? ''}`
      })
    await expect
      .poll(
        async () => {
          await keyboard.press(back ? 'Shift+Tab' : 'Tab')
          return focused()
        },
        { intervals: [0] },
      )
      .toMatch(name)
  }

  await tabTo(/Open chat/)
  await keyboard.press('Enter')
  await expect(widget.panel.getByLabel('Your name')).toBeFocused()
  await keyboard.type('Grace Hopper')
  await keyboard.press('Enter')
  await widget.composer.waitFor()
  await expect(widget.composer).toBeFocused()
  await keyboard.type('Hello from the keyboard')
  await keyboard.press('Enter')
  await anna.open('Grace Hopper')
  const send = await world.speaker(await world.staff())
  await send({ kind: 'card', title: 'Pick one', buttons: [{ label: 'This one', postback: 'this' }] })
  await widget.log.getByRole('button', { name: 'This one' }).waitFor()
  await tabTo(/This one/, true)
  await keyboard.press('Space')
  await expect(anna.entry('pressed “This one”')).toBeVisible()

  await anna.close()
  await widget.panel.getByRole('region', { name: 'How did we do?' }).waitFor()
  await tabTo(/5 of 5/)
  await keyboard.press('Enter')
  await expect(anna.log.getByRole('img', { name: 'Rated 5 of 5' })).toBeVisible()
  await keyboard.press('Escape')
  await expect(widget.panel).toBeHidden()
  await expect(widget.launcher).toBeFocused()
})
