import type { Page } from '@playwright/test'
import { Widget, WORDS } from '../src/pages/widget'
import { expect, test } from '../src/story'

/** Types by an input method: the letters stand underlined, and Enter takes them; only the next Enter is for the chat. */
async function typeByInputMethod(page: Page, letters: string, words: string): Promise<void> {
  const browser = await page.context().newCDPSession(page)
  const end = letters.length
  await browser.send('Input.imeSetComposition', { text: letters, selectionStart: end, selectionEnd: end })
  const enter = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13 }
  await browser.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...enter })
  await browser.send('Input.dispatchKeyEvent', { type: 'keyUp', ...enter })
  await browser.send('Input.imeSetComposition', { text: words, selectionStart: 1, selectionEnd: 1 })
  await browser.send('Input.insertText', { text: words })
  await browser.detach()
}

test('a Chinese browser has widget and console in Chinese', async ({ world }) => {
  const anna = await world.agent('anna', { locale: 'zh-CN' })
  await anna.page.getByRole('button', { name: /Anna/ }).click()
  await anna.page.getByRole('radiogroup', { name: '在线状态' }).getByText('在线', { exact: true }).click()
  await anna.page.keyboard.press('Escape')
  const { widget } = await world.visitor({ locale: 'zh-CN' })
  await widget.open()
  await expect(widget.panel).toContainText('客服在线')
  await widget.panel.getByLabel('您的称呼').fill('王小明')
  await widget.panel.getByRole('button', { name: '开始对话' }).click()
  await widget.say('龙井茶还有货吗？')
  await anna.row('王小明').click()
  await expect(anna.entry('龙井茶还有货吗？')).toBeVisible()
  const reply = anna.page.getByRole('textbox', { name: '回复', exact: true })
  await reply.fill('有货，今天可以发。')
  await reply.press('Enter')
  await expect(widget.bubble('有货，今天可以发。')).toBeVisible()
  await expect(widget.line('Anna 加入了对话')).toBeVisible()
  await expect(anna.page.locator('html')).toHaveAttribute('lang', /^zh/)
})

test('the language can be chosen, whatever the browser has', async ({ world }) => {
  const shop = await world.visitor()
  await expect(shop.page.getByRole('button', { name: 'Open chat' })).toBeVisible()
  await shop.page.getByLabel('Language').selectOption('zh')
  const widget = new Widget(shop.page, WORDS.zh)
  await widget.open()
  await expect(widget.panel).toContainText('现在没有客服在线')
  await shop.page.getByLabel('Language').selectOption('en')
  await expect(shop.widget.panel).toContainText('Nobody is here right now')

  const anna = await world.agent('anna')
  await anna.page.getByRole('button', { name: 'presence and settings' }).click()
  await anna.page.getByRole('radiogroup', { name: 'Language' }).getByText('中文').click()
  await expect(
    anna.page.getByRole('heading', { name: '我的' }).or(anna.page.getByText('我的会话')).first(),
  ).toBeVisible()
  await anna.page.reload()
  await expect(anna.page.locator('html')).toHaveAttribute('lang', /^zh/)
})

test('Enter that ends a Chinese word does not send it', async ({ world }) => {
  const anna = await world.agent('anna')
  await anna.be('Online')
  const { widget, page } = await world.visitor()
  await widget.open()
  await widget.introduce('王小明')
  await widget.composer.focus()
  await typeByInputMethod(page, 'nihao', '你好')
  await expect(widget.composer).toHaveValue('你好')
  await expect(widget.bubble(/./)).toHaveCount(0)
  await widget.composer.press('Enter')
  await expect(widget.bubble(/./)).toHaveText(['你好'])

  await anna.open('王小明')
  await anna.composer.focus()
  await typeByInputMethod(anna.page, 'zaide', '在的')
  await expect(anna.composer).toHaveValue('在的')
  await expect(widget.bubble(/./)).toHaveText(['你好'])
  await anna.composer.press('Enter')
  await expect(widget.bubble(/./)).toHaveText(['你好', '在的'])
})
