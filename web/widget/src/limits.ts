/** How big things may be. Where the server has the same limit, it is told before it refuses. */

/** Characters in one text: the server's `TEXT_CHARS`. */
export const TEXT_CHARS = 8_000

/** Characters that the composer takes: enough to cut a text that is too long, little enough for browsers to lay out at once. */
export const DRAFT_CHARS = 4 * TEXT_CHARS

/** From here on the composer says how many characters are left. */
export const COUNT_FROM = TEXT_CHARS - 500

/** Bytes of one attachment: the server's `ATTACHMENT_BYTES`. */
export const ATTACHMENT_BYTES = 20 * 1024 * 1024

/** Characters of a name, an address or a number in a form: the server's `NAME_CHARS`. */
export const FIELD_CHARS = 200

/** Characters of a longer answer in a form and of a comment: attributes share 16 KB, a comment is a few sentences. */
export const LONG_CHARS = 2_000

/** Entries that are loaded at once when one scrolls back: two screens of a phone. */
export const EARLIER_ENTRIES = 40

/** Earlier conversations that one can scroll back into. Nobody reads more in a small window. */
export const EARLIER_CONVERSATIONS = 20

/** Milliseconds for which the widget's configuration is good: business hours change by the minute. */
export const CONFIG_AGE = 60_000

/** Milliseconds that the launcher waits for the configuration: a slow answer must not look like no chat. */
export const CONFIG_PATIENCE = 3_000

/** Milliseconds for which a file's short-lived address is used; the server's lives for minutes. */
export const ADDRESS_AGE = 120_000

/** Milliseconds without a connection before it is said: most cuts heal sooner. */
export const CUT_PATIENCE = 2_500

/** Milliseconds between two tones: a burst of messages rings once. */
export const SOUND_PAUSE = 1_500

/** The number on the launcher's badge ends here. */
export const BADGE_MOST = 9

/** Pixels from the end at which one still counts as being there: half a line of text. */
export const END_SLACK = 48
