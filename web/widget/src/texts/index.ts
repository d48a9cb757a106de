import type { Texts } from './en'

export type { Texts } from './en'

/** The dictionaries, each a file of its own: a visitor loads one. */
const english = async (): Promise<Texts> => (await import('./en')).en
const DICTIONARIES: Record<string, () => Promise<Texts>> = {
  en: english,
  zh: async () => (await import('./zh')).zh,
}

/** Words that a company wrote, by language. */
export type OwnTexts = Record<string, string>

/** Milliseconds before a dictionary is asked for again. */
const RETRY = 3_000

/** The part of a language tag that names the language: `zh` of `zh-Hans-CN`. */
function language(tag: string): string {
  return tag.toLowerCase().split(/[-_]/)[0] ?? ''
}

/** The first of the visitor's languages of which there is a dictionary; English if none is. */
export function chooseLocale(wanted: readonly string[]): string {
  return wanted.find((tag) => language(tag) in DICTIONARIES) ?? 'en'
}

/** The dictionary of a language tag; the English one where there is none. */
export async function loadTexts(locale: string): Promise<Texts> {
  const load = DICTIONARIES[language(locale)] ?? english
  // A tunnel is short: once more, and then the page is told.
  return load().catch(() => new Promise((done) => setTimeout(done, RETRY)).then(load))
}

/** Of what a company wrote the words for this language; else English, else whatever there is. */
export function ownText(texts: OwnTexts | null | undefined, locale: string): string | undefined {
  if (!texts) return undefined
  const exact = texts[locale] ?? texts[language(locale)]
  return exact || texts.en || Object.values(texts).find(Boolean)
}

/** A tag that `Intl` takes: pages write all sorts of things into `data-locale`. */
export function validTag(tag: string): string {
  try {
    return Intl.getCanonicalLocales(tag.replace('_', '-'))[0] ?? 'en'
  } catch {
    return 'en'
  }
}
