import type { Attributes, Commands, EventName, Handler, Settings, Theme, Token } from './api'
import { Chat } from './chat'
import { Hub } from './model/hub'
import type { PageSettings } from './settings'
import { mount } from './view/mount'

/** The commands, for as long as the page lives: a chat comes with `boot` and goes with `shutdown`. */
export class Widget implements Commands {
  readonly #hub = new Hub()
  readonly #page: boolean
  #settings: PageSettings & Pick<Settings, 'url'>
  #chat: Chat | undefined
  #unmount: (() => void) | undefined

  /** `page`: it fills the page, for a WebView. */
  constructor(settings: PageSettings & Pick<Settings, 'url'>, page = false) {
    this.#settings = settings
    this.#page = page
  }

  boot(settings: Partial<Settings> = {}): void {
    this.#end()
    this.#settings = { ...this.#settings, ...settings }
    const { account } = this.#settings
    if (!account) throw new Error('An account is needed: data-account.')
    const chat = new Chat({ ...this.#settings, account }, this.#hub)
    this.#chat = chat
    void chat.begin().then(() => {
      // It may have been taken away again before it was there.
      if (this.#chat !== chat) return
      this.#unmount = mount(chat, this.#page)
      this.#hub.emit('ready', { account })
    })
  }

  identify(who: Token | { token: Token }): void {
    const token = typeof who === 'object' && who !== null ? who.token : who
    if (typeof token !== 'string' && typeof token !== 'function')
      throw new TypeError('identify needs a token.')
    this.#set({ token })
    this.#chat?.identify(token)
  }

  open(): void {
    this.#there().open()
  }

  close(): void {
    this.#there().close()
  }

  toggle(): void {
    if (this.#there().isOpen.value) this.close()
    else this.open()
  }

  setAttributes(attributes: Attributes): void {
    this.#there().setAttributes(attributes)
  }

  setLocale(locale: string): void {
    this.#set({ locale: String(locale) })
    this.#chat?.speak().catch((error: unknown) => this.complain(String(error)))
  }

  setTheme(theme: Theme): void {
    this.#set({ theme })
  }

  reset(): void {
    const { token: _, ...settings } = this.#settings
    this.#settings = settings
    void this.#chat?.forget()
  }

  shutdown(): void {
    this.#end()
  }

  send(text: string): void {
    if (typeof text !== 'string') throw new TypeError('send needs a text.')
    const chat = this.#there()
    chat.say({ kind: 'text', text }).catch((error: unknown) => chat.complain(error))
  }

  on<E extends EventName>(event: E, handler: Handler<E>): void {
    if (typeof handler !== 'function') throw new TypeError('on needs a function.')
    this.#hub.on(event, handler)
  }

  off<E extends EventName>(event: E, handler?: Handler<E>): void {
    this.#hub.off(event, handler)
  }

  /** Tells the page what is wrong with what it asked for. */
  complain(message: string): void {
    this.#hub.emit('error', { code: 'invalid_command', message })
  }

  #there(): Chat {
    if (this.#chat) return this.#chat
    throw new Error('Call boot first.')
  }

  #set(change: Partial<Settings>): void {
    this.#settings = { ...this.#settings, ...change }
    const chat = this.#chat
    if (chat) chat.settings.value = { ...chat.settings.value, ...change }
  }

  #end(): void {
    this.#unmount?.()
    this.#unmount = undefined
    // Who signed out in another tab is not signed in by the next boot.
    if (this.#chat) this.#settings = this.#chat.settings.value
    void this.#chat?.end()
    this.#chat = undefined
  }
}
