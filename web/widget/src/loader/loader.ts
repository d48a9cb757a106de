import type { Settings } from '../api'
import { commandFunction, type DeskwireFunction } from './commands'
import { known, type PageSettings, readSettings } from './settings'

/** The widget's main module, beside this script; its name has a hash, which the build puts in. */
declare const MAIN_MODULE: string

declare global {
  interface Window {
    /** The widget's commands. Before the loader has run it may be a page's stub with its calls in `q`. */
    deskwire?: DeskwireFunction
    /** Settings, for pages that would rather not use attributes. */
    deskwireSettings?: PageSettings
  }
}

/** Waits before the main module is asked for again, in milliseconds: a visitor's tunnel is short, or long. */
const RETRIES = [1_000, 5_000, 20_000, 60_000]

interface MainModule {
  start(deskwire: DeskwireFunction, settings: PageSettings & Pick<Settings, 'url'>): void
}

function ownScript(): HTMLScriptElement | null {
  const current = document.currentScript
  if (current instanceof HTMLScriptElement) return current
  return document.querySelector<HTMLScriptElement>('script[src*="/widget.js"]')
}

async function load(base: string): Promise<MainModule> {
  for (const [attempt, wait] of RETRIES.entries()) {
    try {
      // Browsers may remember that a module did not come: another address asks anew.
      const address = new URL(MAIN_MODULE + (attempt ? `?${attempt}` : ''), base).href
      return (await import(/* @vite-ignore */ address)) as MainModule
    } catch {
      await new Promise((done) => setTimeout(done, wait))
    }
  }
  return (await import(/* @vite-ignore */ new URL(`${MAIN_MODULE}?last`, base).href)) as MainModule
}

function run(): void {
  // The script may be in the page twice, by hand and by a tag manager.
  if (window.deskwire?.connect) return
  const script = ownScript()
  const base = script?.src || location.href
  const deskwire = commandFunction(window.deskwire?.q)
  window.deskwire = deskwire
  const settings = {
    url: new URL(base).origin,
    ...readSettings(script?.dataset ?? {}),
    ...known(window.deskwireSettings ?? {}),
  }
  load(base).then(
    (main) => main.start(deskwire, settings),
    // Nothing can be shown without the module; the page goes on without a chat, and its console says why.
    (error: unknown) => reportError(error),
  )
}

run()
