import type { Settings } from './api'
import type { DeskwireFunction } from './loader/commands'
import type { PageSettings } from './loader/settings'
import { Widget } from './widget'

/** Begins: the loader calls it when this module is there. `page`: it fills the page, for a WebView. */
export function start(
  deskwire: DeskwireFunction,
  settings: PageSettings & Pick<Settings, 'url'>,
  page = false,
): void {
  const widget = new Widget(settings, page)
  // Handlers that the page has set are there before anything happens, but commands need a chat.
  if (!settings.manual) widget.boot()
  deskwire.connect(widget, (message) => widget.complain(message))
}
