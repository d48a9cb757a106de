import { Select, type SelectProps } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { usePage } from '../../app/api'
import { useWords } from '../../app/words'
import type { Contact } from '../../ui/schema'
import { contactName } from './contact'
import { SEARCH_MS } from './search'

/** Contacts that a search offers: one glance. */
const OFFERED = 20

interface Props extends Pick<SelectProps, 'label' | 'description' | 'placeholder' | 'style'> {
  value: Contact | undefined
  onChange: (contact: Contact | undefined) => void
  /** Who cannot be chosen. */
  except?: (contact: Contact) => boolean
}

/** Two of one name are told apart by their ids' ends. */
const labelOf = (contact: Contact) => `${contactName(contact)} · ${contact.id.slice(-6)}`

/** Finds one contact of however many, by the server's search. */
export function ContactSelect({ value, onChange, except, ...looks }: Props) {
  const { t } = useWords()
  const [words, setWords] = useState('')
  // What is chosen stands in the field, and is not looked for.
  const [q] = useDebouncedValue(value && words === labelOf(value) ? '' : words.trim(), SEARCH_MS)
  const { rows } = usePage<Contact>('/v1/contacts', { limit: OFFERED, q })
  const found = rows.filter((contact) => contact.id !== value?.id && !except?.(contact))
  const offered = value ? [value, ...found] : found
  return (
    <Select
      {...looks}
      aria-label={typeof looks.placeholder === 'string' && !looks.label ? looks.placeholder : undefined}
      searchable
      clearable
      searchValue={words}
      onSearchChange={setWords}
      filter={({ options }) => options}
      data={offered.map((contact) => ({ value: contact.id, label: labelOf(contact) }))}
      value={value?.id ?? null}
      onChange={(id) => onChange(offered.find((contact) => contact.id === id))}
      nothingFoundMessage={t('ui.nothing_found')}
    />
  )
}
