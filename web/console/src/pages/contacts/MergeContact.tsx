import { Button, Select } from '@mantine/core'
import { useDebouncedValue, useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { usePage, useSave } from '../../app/api'
import { useWords } from '../../app/words'
import { Confirm } from '../../ui/Confirm'
import type { Contact } from '../../ui/schema'
import css from '../../ui/ui.module.css'
import { contactName } from './contact'
import { SEARCH_MS } from './search'

/** Contacts that a search offers: one glance. */
const OFFERED = 20

/** Merges another contact into one, after asking. */
export function MergeContact({ into, onDone }: { into: Contact; onDone: () => void }) {
  const { t } = useWords()
  const [words, setWords] = useState('')
  const [q] = useDebouncedValue(words.trim(), SEARCH_MS)
  const found = usePage<Contact>('/v1/contacts', { limit: OFFERED, q: q || undefined })
  const others = found.rows.filter((contact) => contact.id !== into.id && !contact.merged_into)
  const [from, setFrom] = useState<string | null>(null)
  const [asking, ask] = useDisclosure(false)
  const merge = useSave<Contact>(
    () => ({ method: 'POST', path: `/v1/contacts/${into.id}/merge`, body: { from } }),
    ['/v1/contacts', '/v1/conversations'],
  )
  const call = (contact: Contact | undefined) => (contact && contactName(contact)) ?? t('contacts.nameless')
  return (
    <div>
      <h3 className={css.sectionTitle}>{t('contacts.merge')}</h3>
      <p className={css.about} style={{ marginBottom: 8 }}>
        {t('contacts.merge_about')}
      </p>
      <div style={{ display: 'flex', gap: 8 }}>
        <Select
          style={{ flex: 1 }}
          aria-label={t('contacts.merge_search')}
          placeholder={t('contacts.merge_search')}
          searchable
          clearable
          searchValue={words}
          onSearchChange={setWords}
          filter={({ options }) => options}
          data={others.map((contact) => ({
            value: contact.id,
            label: `${call(contact)} · ${contact.id.slice(-6)}`,
          }))}
          value={from}
          onChange={setFrom}
          nothingFoundMessage={t('ui.nothing_found')}
        />
        <Button variant="default" disabled={!from} onClick={ask.open}>
          {t('contacts.merge_do')}
        </Button>
      </div>
      <Confirm
        opened={asking}
        title={t('contacts.merge_title', {
          from: call(others.find((contact) => contact.id === from)),
          into: call(into),
        })}
        about={t('contacts.merge_about')}
        action={t('contacts.merge_do')}
        busy={merge.isPending}
        problem={merge.error}
        onCancel={() => {
          merge.reset()
          ask.close()
        }}
        onConfirm={() => merge.mutate(undefined, { onSuccess: onDone })}
      />
    </div>
  )
}
