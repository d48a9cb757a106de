/** Times as the chat writes them. A formatter is dear to make and cheap to use: each is made once. */

const formatters = new Map<string, Intl.DateTimeFormat>()

function formatter(language: string, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${name}`
  const known = formatters.get(key) ?? new Intl.DateTimeFormat(language, options)
  formatters.set(key, known)
  return known
}

/** The time of day: `14:05`. */
export function clockTime(at: string | Date, language: string): string {
  return formatter(language, 'clock', { timeStyle: 'short' }).format(new Date(at))
}

/** The day and the time, no seconds. */
export function dayAndTime(at: string | Date, language: string): string {
  return formatter(language, 'day and time', { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(at))
}

/** A whole day: `Wednesday, 25 November 2026`. */
export function wholeDay(at: string | Date, language: string): string {
  const options = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const
  return formatter(language, 'day', options).format(new Date(at))
}
