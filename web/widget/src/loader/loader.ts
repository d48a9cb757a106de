import type { Found, PageSettings } from '../settings'
import { commandFunction, type DeskwireFunction } from './commands'

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
  start(deskwire: DeskwireFunction, found: Found): void
}

function ownScript(): HTMLScriptElement | null {
  const current = document.currentScript
  return current instanceof HTMLScriptElement ? current : document.querySelector('script[src*="/widget.js"]')
}

async function load(base: string, attempt = 0): Promise<MainModule> {
  try {
    // Browsers may remember that a module did not come: another address asks anew.
    return await import(/* @vite-ignore */ new URL(MAIN_MODULE + (attempt ? `?${attempt}` : ''), base).href)
  } catch (error) {
    const wait = RETRIES[attempt]
    if (!wait) throw error
    await new Promise((done) => setTimeout(done, wait))
    return load(base, attempt + 1)
  }
}

function run(): void {
  // The script may be in the page twice, by hand and by a tag manager.
  if (window.deskwire?.connect) return
  const script = ownScript()
  const base = script?.src || location.href
  const data = { ...script?.dataset }
  const deskwire = commandFunction(window.deskwire?.q)
  window.deskwire = deskwire
  // Without the module nothing can be shown; the page goes on without a chat, and its console says why.
  load(base).then(
    (main) => main.start(deskwire, { data, settings: window.deskwireSettings, url: new URL(base).origin }),
    reportError,
  )
}

run()
