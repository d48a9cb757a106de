import type { Locator, Page } from '@playwright/test'

/** What the widget is called by in one language; stories in Chinese give their own. */
export interface WidgetWords {
  open: RegExp
  close: string
  message: string
  send: string
  messages: string
}

/** The words of the languages that the stories are told in. */
export const WORDS = {
  en: { open: /^Open chat/, close: 'Close chat', message: 'Message', send: 'Send', messages: 'Messages' },
  zh: { open: /^打开客服对话/, close: '关闭对话', message: '消息', send: '发送', messages: '消息' },
} satisfies Record<string, WidgetWords>

/** The chat window in a page, as a visitor finds it: by what things are called. */
export class Widget {
  /** The element that holds it. */
  readonly host: Locator
  readonly launcher: Locator
  readonly panel: Locator
  readonly composer: Locator
  readonly send: Locator
  readonly log: Locator
  readonly #closer: Locator

  constructor(page: Page, words: WidgetWords = WORDS.en) {
    this.host = page.locator('deskwire-widget')
    this.launcher = this.host.getByRole('button', { name: words.open })
    this.panel = this.host.getByRole('dialog')
    this.#closer = this.panel.getByRole('button', { name: words.close })
    this.composer = this.panel.getByRole('textbox', { name: words.message, exact: true })
    this.send = this.panel.getByRole('button', { name: words.send, exact: true })
    this.log = this.panel.getByRole('log', { name: words.messages })
  }

  /** Opens the chat. */
  async open(): Promise<void> {
    await this.launcher.click()
    await this.panel.waitFor()
  }

  /** Closes it again. */
  async close(): Promise<void> {
    await this.#closer.click()
    await this.panel.waitFor({ state: 'hidden' })
  }

  /** Fills in the form that asks who one is, and begins. */
  async introduce(name: string): Promise<void> {
    await this.panel.getByLabel('Your name').fill(name)
    await this.panel.getByRole('button', { name: 'Start the chat' }).click()
    await this.composer.waitFor()
  }

  /** Fills in the form for when nobody is there. */
  async leave(email: string, message: string): Promise<void> {
    await this.panel.getByLabel('Your e-mail').fill(email)
    await this.panel.getByLabel('Your message').fill(message)
    await this.panel.getByRole('button', { name: 'Send message' }).click()
    await this.bubble(message).waitFor()
  }

  /** Writes a message and sends it by Enter. */
  async say(text: string): Promise<void> {
    await this.composer.fill(text)
    await this.composer.press('Enter')
  }

  /** The bubbles with this text. */
  bubble(text: string | RegExp): Locator {
    return this.log.locator('.bubble').filter({ hasText: text })
  }

  /** What happened, between the messages. */
  line(text: string | RegExp): Locator {
    return this.log.locator('.line').filter({ hasText: text })
  }

  /** The mark below the visitor's newest message: sent, delivered, read. */
  get mark(): Locator {
    return this.log.locator('.row.own .meta').last()
  }

  /** The texts of all messages, in order. */
  texts(): Promise<string[]> {
    return this.log.locator('.bubble').allInnerTexts()
  }

  /** What is said above the messages: the connection, the queue. */
  notice(text: string | RegExp): Locator {
    return this.panel.locator('.notice').filter({ hasText: text })
  }
}
