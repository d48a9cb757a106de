import { Button, Group, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import IconAddressBook from '@tabler/icons-react/icons/IconAddressBook'
import IconPlus from '@tabler/icons-react/icons/IconPlus'
import IconRosetteDiscountCheck from '@tabler/icons-react/icons/IconRosetteDiscountCheck'
import IconSearch from '@tabler/icons-react/icons/IconSearch'
import { useState } from 'react'
import { usePage } from '../../app/api'
import { useWords } from '../../app/words'
import { Face } from '../../chat/Face'
import { type Column, DataTable } from '../../ui/DataTable'
import { Chips, Mono } from '../../ui/Mark'
import { Page } from '../../ui/Page'
import type { Contact } from '../../ui/schema'
import { TimeAgo } from '../../ui/TimeAgo'
import { ContactForm } from './ContactForm'
import { contactName } from './contact'
import { SEARCH_MS } from './search'

/** Rows of a page: two screens of them. */
const ROWS = 50

/** The page of the contacts. */
export default function Contacts() {
  const { t } = useWords()
  const [words, setWords] = useState('')
  const [q] = useDebouncedValue(words.trim(), SEARCH_MS)
  const list = usePage<Contact>('/v1/contacts', { limit: ROWS, q: q || undefined })
  const [open, setOpen] = useState<Contact | 'new'>()
  const columns: Column<Contact>[] = [
    {
      key: 'name',
      title: t('ui.name'),
      cell: (contact) => (
        <Group gap={10} wrap="nowrap">
          <Face id={contact.id} name={contactName(contact)} picture={contact.avatar} size={28} />
          {contactName(contact)}
          {contact.verified && (
            <IconRosetteDiscountCheck
              size={16}
              color="var(--mantine-color-teal-6)"
              aria-label={t('contacts.verified')}
            />
          )}
        </Group>
      ),
    },
    { key: 'email', title: t('contact.email'), cell: (contact) => contact.email ?? '–', quiet: true },
    { key: 'phone', title: t('contact.phone'), cell: (contact) => contact.phone ?? '–', quiet: true },
    {
      key: 'id',
      title: t('contacts.external_id'),
      cell: (contact) => (contact.external_id ? <Mono>{contact.external_id}</Mono> : '–'),
      quiet: true,
    },
    { key: 'tags', title: t('contact.tags'), cell: (contact) => <Chips words={contact.tags} max={3} /> },
    {
      key: 'created',
      title: t('contacts.first_seen'),
      cell: (contact) => <TimeAgo at={contact.created} />,
      quiet: true,
    },
  ]
  return (
    <Page
      title={t('contacts.title')}
      about={t('contacts.about')}
      actions={
        <>
          <TextInput
            type="search"
            aria-label={t('ui.search')}
            placeholder={t('contacts.search')}
            leftSection={<IconSearch size={15} />}
            value={words}
            onChange={(event) => setWords(event.currentTarget.value)}
            w={260}
          />
          <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen('new')}>
            {t('contacts.new')}
          </Button>
        </>
      }
    >
      <DataTable
        list={list}
        id={(contact) => contact.id}
        columns={columns}
        onOpen={setOpen}
        empty={
          q
            ? { icon: IconSearch, title: t('ui.nothing_found'), about: t('ui.nothing_found_about') }
            : { icon: IconAddressBook, title: t('contacts.none'), about: t('contacts.none_about') }
        }
      />
      {open && (
        <ContactForm
          key={open === 'new' ? 'new' : open.id}
          {...(open === 'new' ? {} : { contact: open })}
          onClose={() => setOpen(undefined)}
        />
      )}
    </Page>
  )
}
