import type { Locator, Page } from '@playwright/test'
import { expect, test } from '../src/story'
import type { Watch } from '../src/world/watch'

/** What somebody may write who means harm; each sets `__pwned` if a page ever takes it for more than text. */
const HOSTILE = [
  '<img src=x onerror="window.__pwned=1">',
  '<script>window.__pwned=1</script>',
  '<svg/onload="window.__pwned=1">',
  '"><iframe srcdoc="<script>parent.__pwned=1</script>">',
  '[press](javascript:window.__pwned=1) **bold** `code`',
  'javascript:window.__pwned=1 and data:text/html,<script>parent.__pwned=1</script>',
  'https://shop.example/"onmouseover="window.__pwned=1"',
  '{{constructor.constructor("window.__pwned=1")()}} $' + '{window.__pwned=1}',
]

/** A text that turns the order of what stands behind it around, unless it is kept apart. */
const TURNED = '\u202Egnp.exe \u2066hidden\u2069'

/** One word without a place to break it. */
const LONG = 'Donaudampfschifffahrt'.repeat(60)

const MEGABYTES = 2 * 1024 * 1024

/** Nothing of it was taken for more than text, in the page or in the widget's shadow tree. */
async function isUnharmed(page: Page): Promise<void> {
  expect(await page.evaluate(() => '__pwned' in window)).toBe(false)
  await expect(page.locator('img[src="x"], iframe, svg[onload]')).toHaveCount(0)
  const schemes = await page
    .locator('a[href]')
    .evaluateAll((links) => links.map((link) => new URL((link as HTMLAnchorElement).href).protocol))
  expect(schemes.filter((scheme) => !['http:', 'https:', 'mailto:', 'tel:'].includes(scheme))).toEqual([])
  await expect(page.locator('[onmouseover], [onerror]')).toHaveCount(0)
}

function expectQuiet(watch: Watch): void {
  expect(watch.found).toEqual([])
  expect(watch.errors.filter((error) => /Content Security Policy|Refused to/.test(error))).toEqual([])
}

/** Pastes a text, as from an editor. */
async function paste(field: Locator, text: string): Promise<void> {
  const page = field.page()
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.evaluate((words) => navigator.clipboard.writeText(words), text)
  await field.focus()
  await page.keyboard.press('ControlOrMeta+V')
}

/** Whether anything is wider than the place that it is in. */
function isTooWide(page: Page, selector: string): Promise<boolean> {
  return page
    .locator(selector)
    .first()
    .evaluate((element) => element.scrollWidth > element.clientWidth + 1)
}

test('what visitors write stays text, for them and for agents', async ({ world }) => {
  const anna = await world.agent('anna')
  await anna.be('Online')
  const { widget, page } = await world.visitor()
  await widget.open()
  await widget.introduce('<img src=x onerror="window.__pwned=1">')
  for (const text of [...HOSTILE, TURNED, LONG]) await widget.say(text)
  await anna.row('onerror').first().click()
  await expect(anna.entry('Donaudampf')).toBeVisible()
  expect(await widget.texts()).toEqual([...HOSTILE, TURNED, LONG])
  await isUnharmed(page)
  await isUnharmed(anna.page)
  expect(await isTooWide(page, 'deskwire-widget .scroll')).toBe(false)
  expect(await isTooWide(anna.page, '[data-testid=timeline]')).toBe(false)
  expect(await isTooWide(anna.page, 'html')).toBe(false)
  await anna
    .entry(HOSTILE[0] ?? '')
    .first()
    .scrollIntoViewIfNeeded()
  for (const text of HOSTILE.slice(0, 4)) await expect(anna.entry(text).first()).toBeVisible()
  await isUnharmed(anna.page)
  expectQuiet(world.watch)
})

test('what agents, cards and names say stays text for the visitor', async ({ world }) => {
  const anna = await world.agent('anna')
  await anna.be('Online')
  const { widget, page } = await world.visitor()
  await widget.open()
  await widget.introduce('Grace Hopper')
  await widget.say('Hello')
  await anna.open('Grace Hopper')
  const api = await world.staff()
  const send = await world.speaker(api)
  await send({
    kind: 'card',
    title: '<b onmouseover="window.__pwned=1">Order</b>',
    text: HOSTILE.join('\n'),
    fields: [{ name: '<i>Name</i>', value: HOSTILE[0] }],
    buttons: [{ label: '<u>Press</u>', postback: 'pressed' }],
  })
  for (const text of HOSTILE) await send({ kind: 'text', text })
  await api.call('PATCH', `/v1/agents/${api.subject}`, { name: '<img src=x onerror="window.__pwned=1">' })

  await expect(widget.log.getByText('<b onmouseover="window.__pwned=1">Order</b>')).toBeAttached()
  await expect(widget.bubble(HOSTILE.at(-1) ?? '')).toBeVisible()
  await page.reload()
  await widget.open()
  await expect(widget.panel.getByRole('heading', { name: '<img src=x' })).toBeVisible()
  await widget.log.getByRole('button', { name: '<u>Press</u>' }).click()
  await expect(anna.entry(/pressed “<u>Press<\/u>”/)).toBeVisible()
  await isUnharmed(page)
  await isUnharmed(anna.page)
  expectQuiet(world.watch)
})

test('a card’s button never opens an address that runs something', async ({ world }) => {
  const anna = await world.agent('anna')
  await anna.be('Online')
  const { widget, page } = await world.visitor()
  await widget.open()
  await widget.introduce('Grace Hopper')
  await widget.say('Hello')
  await anna.open('Grace Hopper')
  const send = await world.speaker(await world.staff())
  for (const url of ['javascript:window.__pwned=1', 'data:text/html,<script>parent.__pwned=1</script>']) {
    // The server refuses it; should it ever not, there is still no such link.
    await send({ kind: 'card', title: 'A trap', buttons: [{ label: 'Open', url }] }).catch(() => undefined)
  }
  await anna.say('That is all.')
  await expect(widget.bubble('That is all.')).toBeVisible()
  await isUnharmed(page)
  await isUnharmed(anna.page)
})

test('two megabytes of text are refused in words, and what can be kept stays in the field', async ({
  world,
}) => {
  const anna = await world.agent('anna')
  await anna.be('Online')
  const { widget, page } = await world.visitor()
  await widget.open()
  await widget.introduce('Grace Hopper')
  await widget.say('Hello')
  await anna.open('Grace Hopper')
  const huge = 'all work and no play '.repeat(MEGABYTES / 21)

  for (const [field, words, send] of [
    [widget.composer, widget.panel.getByText(/too many|too long/), widget.send],
    [
      anna.composer,
      anna.page.getByText(/too many|too long/),
      anna.page.getByRole('button', { name: 'Send', exact: true }),
    ],
  ] as const) {
    await paste(field, huge)
    await expect(words.first()).toBeVisible()
    await expect(send).toBeDisabled()
    await field.press('Enter')
    expect(await field.evaluate((area: HTMLTextAreaElement) => area.value.slice(0, 20))).toBe(
      'all work and no play',
    )
    await field.fill('Shorter.')
    await expect(send).toBeEnabled()
  }
  await widget.composer.press('Enter')
  await expect(anna.entry('Shorter.')).toBeVisible()
  await expect(anna.entry('all work')).toHaveCount(0)

  await test.step('the page’s own script is told, too', async () => {
    const told = page.evaluate(
      (text) =>
        new Promise<string>((tell) => {
          const { deskwire } = window as unknown as { deskwire: (...call: unknown[]) => void }
          deskwire('on', 'error', ({ code }: { code: string }) => tell(code))
          deskwire('send', text)
        }),
      huge,
    )
    expect(await told).toBe('text_too_long')
  })
})
