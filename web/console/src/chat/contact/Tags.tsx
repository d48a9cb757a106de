import type { Contact } from '@deskwire/sdk'
import { TagsInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useWords } from '../../app/words'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { LabelDot } from '../LabelDot'
import { FormButtons } from './ContactCard'
import css from './ContactPanel.module.css'
import { Section } from './Section'
import { useContactSave } from './useContactSave'

/** Tags of one contact: the server's limit (`limits.rs`, TAGS). */
const MAX_TAGS = 50

/** What kind of customer it is. */
export function Tags({ contact }: { contact: Contact }) {
  const { t } = useWords()
  const [editing, setEditing] = useState(false)
  const tags = contact.tags ?? []
  return (
    <Section
      title={t('contact.tags')}
      edit={{ label: t('contact.edit_tags'), on: editing, onClick: () => setEditing(true) }}
    >
      {editing ? (
        <EditForm contact={contact} onEnd={() => setEditing(false)} />
      ) : tags.length === 0 ? (
        <p className={css.quiet}>{t('contact.no_tags')}</p>
      ) : (
        <div className={css.chips}>
          {tags.map((tag) => (
            <LabelDot key={tag} name={tag} />
          ))}
        </div>
      )}
    </Section>
  )
}

function EditForm({ contact, onEnd }: { contact: Contact; onEnd: () => void }) {
  const { t } = useWords()
  const { change, busy, problem } = useContactSave(contact)
  const [before] = useState(contact.tags ?? [])
  const [tags, setTags] = useState([...before])
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const add = tags.filter((tag) => !before.includes(tag))
    const remove = before.filter((tag) => !tags.includes(tag))
    const none = add.length === 0 && remove.length === 0
    // Only what was changed: what the CRM adds meanwhile stays.
    if (none || (await change({ add_tags: add, remove_tags: remove }))) onEnd()
  }
  return (
    <form className={css.form} onSubmit={(event) => void submit(event)}>
      <TagsInput
        size="xs"
        aria-label={t('contact.tags')}
        value={tags}
        onChange={setTags}
        maxTags={MAX_TAGS}
      />
      <ProblemAlert problem={problem} />
      <FormButtons busy={busy} onCancel={onEnd} />
    </form>
  )
}
