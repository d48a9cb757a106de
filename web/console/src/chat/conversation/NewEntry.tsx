import type { Entry } from '@deskwire/sdk'
import { VisuallyHidden } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useDesk, useMe } from '../../app/api'
import { useWords } from '../../app/words'
import { useDirectory, useRow } from '../ChatProvider'
import { authorName } from '../names'
import { eventText, spokenText } from '../words'

/** Says what is new to whoever does not see it: the log itself is drawn anew with each look into the past. */
export function NewEntry({ conversation }: { conversation: string }) {
  const { language } = useWords()
  const desk = useDesk()
  const { agent } = useMe()
  const directory = useDirectory()
  const contact = useRow(conversation)?.contact_name ?? undefined
  const [entry, setEntry] = useState<Entry>()
  useEffect(
    () =>
      desk.on('entry', (view) => {
        const theirs = !('hidden' in view) && view.by.id !== agent.id
        if (theirs && view.conversation === conversation) setEntry(view)
      }),
    [desk, conversation, agent.id],
  )
  const said = entry && spokenText(entry)
  const text = said
    ? `${authorName(entry.by, directory, contact)}: ${said}`
    : entry && eventText(entry, { directory, contact, language })
  return (
    <VisuallyHidden role="status">
      <span key={entry?.seq}>{text}</span>
    </VisuallyHidden>
  )
}
