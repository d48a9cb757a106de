import type { Draft } from '../../ui/draft'
import type { AiSettings } from '../../ui/schema'
import { filled } from '../../ui/TextsField'

/** What each section of the set-up gets. */
export interface Part {
  draft: Draft<AiSettings>
  problem: unknown
}

/** Settings without what nobody wrote: empty phrases, products without a name, nulls. */
export function sendable(settings: AiSettings): AiSettings {
  const words = Object.entries(settings.words ?? {})
    .map(([phrase, texts]) => [phrase, filled(texts)] as const)
    .filter(([, texts]) => Object.keys(texts).length > 0)
  const rest = Object.entries(settings).filter(([, value]) => value !== null && value !== '')
  return {
    ...(Object.fromEntries(rest) as unknown as AiSettings),
    words: Object.fromEntries(words),
    products: (settings.products ?? []).filter((product) => product.name.trim()),
    synonyms: (settings.synonyms ?? []).filter((group) => group.length > 1),
  }
}
