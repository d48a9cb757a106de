import type { BrowserContext, Page } from '@playwright/test'
import { Widget, type WidgetWords, WORDS } from './widget'

/** The demo shop's page, and the chat in it. */
export class Shop {
  readonly page: Page
  readonly widget: Widget
  readonly #url: string

  constructor(page: Page, url: string, words: WidgetWords = WORDS.en) {
    this.page = page
    this.#url = url
    this.widget = new Widget(page, words)
  }

  /** Enters the shop. */
  async enter(): Promise<void> {
    await this.page.goto(this.#url)
    await this.widget.launcher.waitFor()
  }

  /** Signs in as one of the shop's customers; the page is loaded anew by that. */
  async signInAs(name: string): Promise<void> {
    const reloaded = this.page.waitForEvent('load')
    await this.page.getByLabel('Shopping as').selectOption({ label: name })
    await reloaded
    await this.widget.launcher.waitFor()
  }

  /** Loads the page anew. */
  async reload(): Promise<void> {
    await this.page.reload()
    await this.widget.launcher.waitFor()
  }

  /** The same shop in another tab of the same browser. */
  async anotherTab(): Promise<Shop> {
    const tab = new Shop(await this.context.newPage(), this.#url)
    await tab.enter()
    return tab
  }

  /** The browser that it is open in. */
  get context(): BrowserContext {
    return this.page.context()
  }
}
