/** What a page may say to the widget, and what it hears. The types of `window.deskwire` and `window.deskwireSettings`. */

/** A company's own signed token, or a function that gets a fresh one: the better way, for tokens run out. */
export type Token = string | (() => string | Promise<string>)

/** How the widget looks. `auto` follows the visitor's system. */
export type Theme = 'auto' | 'light' | 'dark'

/** At which edge the launcher stands. */
export type Position = 'left' | 'right'

/** What a page may set: as `data-…` attributes of the script, as `window.deskwireSettings`, or in `boot`. */
export interface Settings {
  /** The account, `acc_…`. It is public. */
  account: string
  /** Where Deskwire is; the script's own origin unless said. */
  url: string
  /** Through which inbox new conversations come; the account's first unless said. */
  inbox?: string
  /** The language, such as `zh` or `en`; the browser's unless said. */
  locale?: string
  /** The edge; the inbox's setting unless said. */
  position?: Position
  /** The brand's colour; the inbox's setting unless said. */
  colour?: string
  /** Light, dark, or as the visitor's system has it. */
  theme?: Theme
  /** Without the round button: the page opens the panel itself. */
  hideLauncher?: boolean
  /** Open at once. */
  open?: boolean
  /** Load, but do nothing before `boot`. */
  manual?: boolean
  /** The visitor's token, for those who are signed in at the company. */
  token?: Token
}

/** Name, e-mail, phone and the company's own attributes of the visitor. Null takes one away. */
export type Attributes = Record<string, string | number | boolean | null>

/** What the widget tells the page, by event. */
export interface WidgetEvents {
  /** It is there, and takes commands at once. */
  ready: { account: string }
  /** A message was written, by the visitor or for them. */
  message: {
    id: string
    conversation: string
    seq: number
    from: 'visitor' | 'agent' | 'bot' | 'system'
    text?: string
  }
  /** The panel was opened. */
  open: Record<string, never>
  /** The panel was closed. */
  close: Record<string, never>
  /** Messages that the visitor has not read. */
  unread: { count: number }
  /** The conversation began or changed. */
  conversation: { id: string; status: string }
  /** Something was refused or failed. */
  error: { code: string; message: string }
}

/** The name of an event. */
export type EventName = keyof WidgetEvents

/** Hears an event. */
export type Handler<E extends EventName = EventName> = (detail: WidgetEvents[E]) => void

/** What a page may ask for: `deskwire('open')`, or `deskwire.open()`. */
export interface Commands {
  /** Begins (after `shutdown`, or with `manual`), or takes changed settings. */
  boot(settings?: Partial<Settings>): void
  /** Says who the visitor is, by the company's own token. */
  identify(who: Token | { token: Token }): void
  /** Opens the panel. */
  open(): void
  /** Closes the panel. */
  close(): void
  /** Opens or closes the panel. */
  toggle(): void
  /** Tells more about the visitor; kept until they have written. */
  setAttributes(attributes: Attributes): void
  /** Changes the language. */
  setLocale(locale: string): void
  /** Changes the look. */
  setTheme(theme: Theme): void
  /** Forgets the visitor: after they have signed out at the company. */
  reset(): void
  /** Takes the widget off the page; `boot` brings it back. */
  shutdown(): void
  /** Says something in the visitor's name. */
  send(text: string): void
  /** Hears an event; `ready` at once if it has been. */
  on<E extends EventName>(event: E, handler: Handler<E>): void
  /** No longer; without a handler none of them. */
  off<E extends EventName>(event: E, handler?: Handler<E>): void
}

/** The commands' names: the loader makes a method of each before the widget is there. */
export const COMMANDS = [
  'boot',
  'identify',
  'open',
  'close',
  'toggle',
  'setAttributes',
  'setLocale',
  'setTheme',
  'reset',
  'shutdown',
  'send',
  'on',
  'off',
] as const satisfies readonly (keyof Commands)[]

/** The name of a command. */
export type CommandName = (typeof COMMANDS)[number]
