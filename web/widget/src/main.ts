import { dispatch } from './dispatch'
import type { DeskwireFunction } from './loader/commands'
import { type Found, settingsOf } from './settings'
import { Widget } from './widget'

/** Begins: the loader calls it when this module is there. `page`: it fills the page, for a WebView. */
export function start(deskwire: DeskwireFunction, found: Found, page = false): void {
  const settings = settingsOf(found)
  const widget = new Widget(settings, page)
  const complain = (message: string): void => widget.complain(message)
  // Commands need a chat, so it is there before them; what happens is told to handlers only after them.
  if (!settings.manual) dispatch(widget, ['boot'], complain)
  deskwire.connect((call) => dispatch(widget, call, complain))
}
