/** Puts the cursor where one writes: from keys, the palette and buttons. */
import type { Mode } from './drafts'

/** Fired when somebody wants to write. */
export const FOCUS_COMPOSER = 'deskwire:compose'

/** Asks the composer to open for a reply or a note. */
export function focusComposer(mode: Mode): void {
  document.dispatchEvent(new CustomEvent<Mode>(FOCUS_COMPOSER, { detail: mode }))
}
