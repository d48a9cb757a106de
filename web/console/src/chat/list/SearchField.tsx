import { ActionIcon, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import IconSearch from '@tabler/icons-react/icons/IconSearch'
import IconX from '@tabler/icons-react/icons/IconX'
import { useEffect, useState } from 'react'
import { useWords } from '../../app/words'

/** Milliseconds without a key after which is searched: less would ask for each letter. */
const PAUSE_MS = 300

const FIELD_ID = 'inbox-search'

/** Puts the cursor into the search field. */
export function focusSearch(): void {
  const field = document.getElementById(FIELD_ID)
  if (field instanceof HTMLInputElement) field.select()
}

/** The words that are looked for in a list. */
export function SearchField({ value, onSearch }: { value: string; onSearch: (words: string) => void }) {
  const { t } = useWords()
  const [words, setWords] = useState(value)
  const search = useDebouncedCallback(onSearch, PAUSE_MS)
  // The address may change by itself: another list, the button back.
  useEffect(() => setWords(value), [value])
  const change = (next: string, now = false) => {
    setWords(next)
    search(next)
    if (now) search.flush()
  }
  return (
    <TextInput
      id={FIELD_ID}
      size="xs"
      flex={1}
      aria-label={t('inbox.search')}
      placeholder={t('inbox.search')}
      value={words}
      leftSection={<IconSearch size={15} stroke={1.8} />}
      rightSection={
        words !== '' && (
          <ActionIcon size="sm" aria-label={t('inbox.clear_search')} onClick={() => change('', true)}>
            <IconX size={14} />
          </ActionIcon>
        )
      }
      onChange={(event) => change(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return
        if (event.key === 'Enter') search.flush()
        if (event.key === 'Escape') {
          if (words !== '') change('', true)
          event.currentTarget.blur()
        }
      }}
    />
  )
}
