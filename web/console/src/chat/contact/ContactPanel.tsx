import type { Contact } from '@deskwire/sdk'
import { Loader } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useDesk, useOne } from '../../app/api'
import { useWords } from '../../app/words'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { useRow } from '../ChatProvider'
import { useConversationView } from '../conversation/useConversation'
import { staffState } from '../rows'
import { Attributes } from './Attributes'
import { ContactCard } from './ContactCard'
import css from './ContactPanel.module.css'
import { ConversationFacts } from './ConversationFacts'
import { Earlier } from './Earlier'
import { Queries } from './Queries'
import { Summaries } from './Summaries'
import { Tags } from './Tags'

/** A contact, kept new by what the company's systems tell. */
function useContact(id: string | undefined) {
  const desk = useDesk()
  const client = useQueryClient()
  const path = id && `/v1/contacts/${id}`
  const found = useOne<Contact>(path)
  useEffect(
    () =>
      desk.on('contact', ({ contact }) => {
        client.setQueryData<Contact>([`/v1/contacts/${contact.id}`, {}], contact)
      }),
    [desk, client],
  )
  return found
}

/** Beside a conversation: who it is with, what the company knows of them, what was before. */
export default function ContactPanel({ id }: { id: string }) {
  const { t } = useWords()
  const { conversation } = useConversationView(id)
  const row = useRow(id)
  const state = staffState(conversation.state) ?? row?.state
  const contact = useContact(state?.contact)
  return (
    <aside className={css.panel} aria-label={t('contact.about')}>
      {contact.isLoading && <Loader size="sm" m="lg" />}
      {contact.error && (
        <div className={css.section}>
          <ProblemAlert problem={contact.error} onRetry={() => void contact.refetch()} />
        </div>
      )}
      {contact.data && (
        <>
          <ContactCard key={contact.data.id} contact={contact.data} />
          <Summaries conversation={conversation} />
          <Attributes contact={contact.data} />
          <Tags contact={contact.data} />
        </>
      )}
      {state && <ConversationFacts id={id} state={state} created={row?.created} />}
      {contact.data && (
        <>
          <Queries conversation={id} contact={contact.data} />
          <Earlier contact={contact.data.id} except={id} />
        </>
      )}
    </aside>
  )
}
