import type { BrowserContext, Page } from '@playwright/test'

/** What no page may do, whatever people write: it is kept here, and each story looks at its end that nothing is. */
export class Watch {
  readonly found: string[] = []
  /** Messages of `console.error`, for stories that look at them. */
  readonly errors: string[] = []

  /** Listens to all pages of a browser window, those that open later too. */
  async over(context: BrowserContext): Promise<void> {
    await context.exposeBinding('deskwireViolation', (_, words: string) => {
      this.found.push(`Content-Security-Policy: ${words}`)
    })
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        const tell = (window as unknown as { deskwireViolation: (words: string) => void }).deskwireViolation
        tell(
          `${event.effectiveDirective} refused ${event.blockedURI} at ${event.sourceFile}:${event.lineNumber}`,
        )
      })
    })
    context.on('page', (page) => this.#page(page))
  }

  #page(page: Page): void {
    page.on('pageerror', (error) =>
      this.found.push(`An error nobody caught: ${error.stack ?? error.message}`),
    )
    page.on('dialog', (dialog) => {
      this.found.push(`A dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text())
    })
  }
}
