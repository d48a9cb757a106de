/** Every word that the console says, in the person's language. The English dictionary decides which keys there are. */
import i18next from 'i18next'
import { useTranslation } from 'react-i18next'
import { chatEn } from '../i18n/chat.en'
import { pagesEn } from '../i18n/pages.en'

/** Two who say different things by one key would overwrite each other: then this is no longer `never`, and fails. */
type Twice = keyof typeof chatEn & keyof typeof pagesEn
const english: [Twice] extends [never] ? typeof chatEn & typeof pagesEn : Twice = { ...chatEn, ...pagesEn }

type Plain<K> = K extends `${infer Stem}_one` ? Stem : K extends `${infer Stem}_other` ? Stem : K

/** The dictionary in another language: each key, but the singular, which Chinese does not have. */
export type Translation<D> = { [K in keyof D as K extends `${string}_one` ? never : K]: string }

/** A key of the dictionary; of a pair `…_one`, `…_other` the part before it, to be given a `count`. */
export type WordKey = Plain<keyof typeof english>

/** What is put into the places `{{…}}` of a text. */
export type WordValues = Readonly<Record<string, string | number>>

/** Says the words that a key stands for. */
export type Translate = (key: WordKey, values?: WordValues) => string

/** The languages that there are, by what they call themselves. */
export const LANGUAGES = { en: 'English', zh: '中文' } as const

/** A language of the console. */
export type Language = keyof typeof LANGUAGES

const LANGUAGE_KEY = 'deskwire.language'

function preferred(): Language {
  const kept = localStorage.getItem(LANGUAGE_KEY)
  if (kept === 'en' || kept === 'zh') return kept
  return navigator.languages.some((tag) => tag.toLowerCase().startsWith('zh')) &&
    !navigator.languages[0]?.toLowerCase().startsWith('en')
    ? 'zh'
    : 'en'
}

async function load(language: Language): Promise<void> {
  if (language !== 'zh' || i18next.hasResourceBundle('zh', 'translation')) return
  // Chinese is a file of its own: who does not read it does not load it.
  const [{ chatZh }, { pagesZh }] = await Promise.all([import('../i18n/chat.zh'), import('../i18n/pages.zh')])
  i18next.addResourceBundle('zh', 'translation', { ...chatZh, ...pagesZh })
}

/** Gets the words ready; before anything is drawn. */
export async function startWords(): Promise<void> {
  const language = preferred()
  await i18next.init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: english } },
    // Keys have dots of their own, and React escapes what it draws.
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
    initAsync: false,
  })
  await setLanguage(language, false)
}

/** Changes the language, and remembers it unless told not to. */
export async function setLanguage(language: Language, remember = true): Promise<void> {
  try {
    if (remember) localStorage.setItem(LANGUAGE_KEY, language)
  } catch {
    // The storage is full: the language is kept as long as the page lives.
  }
  await load(language)
  await i18next.changeLanguage(language)
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en'
}

/** The language now. */
export function language(): Language {
  return i18next.language === 'zh' ? 'zh' : 'en'
}

/** Says words outside of a component. */
export const t: Translate = (key, values) => i18next.t(key, values ?? {})

/** Says words in a component, which is drawn again when the language changes. */
export function useWords(): { t: Translate; language: Language } {
  useTranslation(undefined, { i18n: i18next, useSuspense: false })
  return { t, language: language() }
}
