import { type BrowserContext, expect, type Locator, type Page } from '@playwright/test'

/** The agents' console. */
export class Console {
  readonly page: Page
  readonly log: Locator
  readonly composer: Locator
  readonly note: Locator
  /** The bar that says that there is no connection. */
  readonly banner: Locator
  readonly #enter: string

  constructor(page: Page, enter: string) {
    this.page = page
    this.#enter = enter
    this.log = page.getByRole('log')
    this.composer = page.getByRole('textbox', { name: 'Reply', exact: true })
    this.note = page.getByRole('textbox', { name: 'Note', exact: true })
    this.banner = page.getByRole('status').filter({ hasText: 'What you send is kept' })
  }

  /** One click in the shop: signed in by the company. */
  async enter(): Promise<void> {
    await this.page.goto(this.#enter)
    await this.page.getByRole('navigation').first().waitFor()
  }

  /** Another tab of the same browser; a sign-in belongs to one tab, so the link is pressed again. */
  async anotherTab(): Promise<Console> {
    const tab = new Console(await this.context.newPage(), this.#enter)
    await tab.enter()
    return tab
  }

  /** Says whether one is there: routing gives conversations to those who are online. */
  async be(status: 'Online' | 'Away' | 'Offline'): Promise<void> {
    await this.page.getByRole('button', { name: 'presence and settings' }).click()
    const presence = this.page.getByRole('radiogroup', { name: 'Presence' })
    await presence.getByText(status, { exact: true }).click()
    const choice = presence.getByRole('radio', { name: status })
    await expect(choice).toBeEnabled()
    await expect(choice).toBeChecked()
    await this.page.keyboard.press('Escape')
  }

  /** Signs out. */
  async signOut(): Promise<void> {
    await this.page.getByRole('button', { name: 'presence and settings' }).click()
    await this.page.getByRole('button', { name: 'Sign out', exact: true }).click()
  }

  /** Opens one of the lists of conversations. */
  async list(name: 'Mine' | 'Unassigned' | 'All open' | 'Closed'): Promise<void> {
    await this.page.getByRole('complementary', { name: 'Inbox' }).getByRole('link', { name }).click()
    await this.page.getByRole('heading', { level: 1, name }).waitFor()
  }

  /** The row of a conversation in the list that is open. */
  row(text: string | RegExp): Locator {
    return this.page.getByRole('listitem').getByRole('link').filter({ hasText: text })
  }

  /** Opens a conversation of a list. */
  async open(text: string | RegExp): Promise<void> {
    await this.row(text).first().click()
    await this.log.waitFor()
  }

  /** Says something to the visitor. */
  async say(text: string): Promise<void> {
    await this.composer.fill(text)
    await this.composer.press('Enter')
  }

  /** Says something that only colleagues see. */
  async keep(text: string): Promise<void> {
    await this.page.getByRole('tab', { name: 'Note' }).click()
    await this.note.fill(text)
    await this.page.getByRole('button', { name: 'Add note' }).click()
    await this.page.getByRole('tab', { name: 'Reply' }).click()
  }

  /** An entry of the log with this text. */
  entry(text: string | RegExp): Locator {
    return this.log.locator('[data-index]').filter({ hasText: text })
  }

  /** The texts of all entries that are drawn, in order. */
  texts(): Promise<string[]> {
    return this.log.locator('[data-index]').allInnerTexts()
  }

  /** A button about the conversation; what stands in its bar and beside the composer does the same. */
  action(name: 'Accept' | 'Decline' | 'Transfer' | 'Snooze' | 'Labels' | 'Close' | 'Reopen'): Locator {
    return this.page.getByRole('main').getByRole('button', { name, exact: true }).first()
  }

  /** Takes a conversation that waits. */
  async accept(): Promise<void> {
    await this.action('Accept').click()
    await this.composer.waitFor()
  }

  /** Closes the conversation, with a reason if there is one. */
  async close(reason = ''): Promise<void> {
    await this.action('Close').click()
    const dialog = this.page.getByRole('dialog', { name: 'Close the conversation' })
    await dialog.getByLabel('Reason').fill(reason)
    await dialog.getByRole('button', { name: 'Close', exact: true }).last().click()
    await dialog.waitFor({ state: 'hidden' })
  }

  /** Offers the conversation to somebody, with a note for them. */
  async transfer(to: string, note: string): Promise<void> {
    await this.action('Transfer').click()
    const dialog = this.page.getByRole('dialog', { name: 'Transfer' })
    await dialog.getByRole('combobox', { name: 'To whom' }).click()
    await this.page.getByRole('option', { name: to }).click()
    await dialog.getByRole('textbox', { name: 'Note' }).fill(note)
    await dialog.getByRole('button', { name: 'Transfer', exact: true }).click()
    await dialog.waitFor({ state: 'hidden' })
  }

  /** Transfers that wait for this agent, wherever they are in the console. */
  get offers(): Locator {
    return this.page.getByRole('region', { name: 'Transfers that wait for you' })
  }

  /** The button of the list of mentions; its name says how many are unread. */
  get mentions(): Locator {
    return this.page.getByRole('navigation').getByRole('button', { name: 'Mentions' })
  }

  /** Goes to one of the pages beside the chat, by its address. */
  async visit(path: string): Promise<void> {
    await this.page.evaluate((to) => {
      location.hash = to
    }, `#/${path}`)
  }

  /** The browser that it is open in. */
  get context(): BrowserContext {
    return this.page.context()
  }
}
