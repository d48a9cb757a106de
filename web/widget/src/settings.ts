import type { Position, Settings, Theme } from './api'

/** Settings of which nothing is known yet but what the page says. */
export type PageSettings = Partial<Settings>

/** What the loader found in the page: its own `data-…` attributes or a query, and `window.deskwireSettings`. */
export interface Found {
  data: Record<string, string | undefined>
  settings?: PageSettings | undefined
  /** Where the loader came from. */
  url: string
}

function oneOf<T extends string>(value: string | undefined, ...allowed: T[]): T | undefined {
  return allowed.find((one) => one === value)
}

/** An attribute without a value, or with any but `false`, is a yes. */
function yes(value: string | undefined): boolean | undefined {
  return value === undefined ? undefined : value !== 'false'
}

/** All settings; the page's object wins over attributes. */
export function settingsOf({ data, settings, url }: Found): PageSettings & Pick<Settings, 'url'> {
  return { url, ...readSettings(data), ...known(settings ?? {}) }
}

/** Leaves out what is not set, so that what lies below shows through. */
export function known(settings: { [K in keyof Settings]?: Settings[K] | undefined }): PageSettings {
  return Object.fromEntries(
    Object.entries(settings).filter(([, value]) => value !== undefined && value !== ''),
  )
}

/** The settings in the script's `data-…` attributes, or in a page's query. */
export function readSettings(data: Record<string, string | undefined>): PageSettings {
  return known({
    account: data.account,
    url: data.url?.replace(/\/$/, ''),
    inbox: data.inbox,
    locale: data.locale,
    position: oneOf<Position>(data.position, 'left', 'right'),
    colour: data.colour,
    theme: oneOf<Theme>(data.theme, 'auto', 'light', 'dark'),
    hideLauncher: yes(data.hideLauncher),
    open: yes(data.open),
    manual: yes(data.manual),
  })
}
