import { SegmentedControl } from '@mantine/core'
import { LANGUAGES, type Language, setLanguage, useWords } from './words'

function isLanguage(value: string): value is Language {
  return value in LANGUAGES
}

/** Chinese or English. */
export function LanguageSwitch() {
  const { t, language } = useWords()
  return (
    <SegmentedControl
      size="xs"
      aria-label={t('shell.language')}
      value={language}
      onChange={(value) => isLanguage(value) && void setLanguage(value)}
      data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
    />
  )
}
