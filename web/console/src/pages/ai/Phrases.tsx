import { useWords } from '../../app/words'
import { Section } from '../../ui/Page'
import { TextsField } from '../../ui/TextsField'
import type { Part } from './settings'

/** What the company's own words may be for, as the API names it. */
const PHRASES = [
  'greeting',
  'thanks',
  'farewell',
  'unsure',
  'hand_over',
  'away',
  'ticket',
  'nothing_found',
  'sign_in',
  'failed',
  'ask',
  'never_mind',
] as const

/** The company's own words instead of the built-in ones. */
export function Phrases({ draft }: Part) {
  const { t } = useWords()
  const words = draft.value.words ?? {}
  return (
    <Section title={t('ai.phrases')} about={t('ai.phrases_hint')}>
      {PHRASES.map((phrase) => (
        <TextsField
          key={phrase}
          label={t(`phrase.${phrase}`)}
          value={words[phrase]}
          placeholder={t('phrase.built_in')}
          onChange={(texts) => draft.set({ words: { ...words, [phrase]: texts } })}
        />
      ))}
    </Section>
  )
}
