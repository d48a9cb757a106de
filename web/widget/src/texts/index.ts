import { en, type Texts } from './en'
import { zh } from './zh'

export type { Texts } from './en'

const DICTIONARIES: Record<string, Texts> = { en, zh }

/** Words that a company wrote, by language. */
export type OwnTexts = Record<string, string>

/** The part of a language tag that names the language: `zh` of `zh-Hans-CN`. */
function language(tag: string): string {
  return tag.toLowerCase().split(/[-_]/)[0] ?? ''
}

/** The first of the visitor's languages of which there is a dictionary; English if none is. */
export function chooseLocale(wanted: readonly string[]): string {
  return wanted.find((tag) => language(tag) in DICTIONARIES) ?? 'en'
}

/** The dictionary of a language tag. */
export function textsFor(locale: string): Texts {
  return DICTIONARIES[language(locale)] ?? en
}

/** Of what a company wrote the words for this language; else English, else whatever there is. */
export function ownText(texts: OwnTexts | undefined, locale: string): string | undefined {
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
