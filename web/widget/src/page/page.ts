import { commandFunction } from '../loader/commands'
import { start } from '../main'
import sheet from './page.css?inline'

/** `hide-launcher` in the query is `hideLauncher` among the settings, as with `data-…` attributes. */
function camel(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}

/** The company's token from the fragment, which no server sees; it does not stay in the address. */
function takeToken(): string | undefined {
  const fragment = new URLSearchParams(location.hash.slice(1))
  const token = fragment.get('token') ?? undefined
  if (token) history.replaceState(history.state, '', location.pathname + location.search)
  return token
}

function run(): void {
  const style = new CSSStyleSheet()
  style.replaceSync(sheet)
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, style]
  const query = Object.fromEntries(
    [...new URLSearchParams(location.search)].map(([name, value]) => [camel(name), value]),
  )
  // Whoever makes the app sees it at once; `boot` may still name one where nothing is to happen before it.
  if (!query.account && query.manual === undefined)
    document.body.textContent = 'An account is needed: /widget/?account=acc_…'
  const token = takeToken()
  const deskwire = commandFunction(window.deskwire?.q)
  window.deskwire = deskwire
  start(deskwire, { data: query, settings: token ? { token } : undefined, url: location.origin }, true)
}

run()
