import type { Contact } from '@deskwire/sdk'
import { ActionIcon, Button, TextInput } from '@mantine/core'
import IconPlus from '@tabler/icons-react/icons/IconPlus'
import IconX from '@tabler/icons-react/icons/IconX'
import { type FormEvent, useState } from 'react'
import { useWords } from '../../app/words'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { SafeText } from '../conversation/SafeText'
import { attributeChange, shownValue } from './attributes'
import { Claimed } from './Claimed'
import { FormButtons } from './ContactCard'
import css from './ContactPanel.module.css'
import { Section } from './Section'
import { useContactSave } from './useContactSave'

/** What else the company knows. */
export function Attributes({ contact }: { contact: Contact }) {
  const { t } = useWords()
  const [editing, setEditing] = useState(false)
  const pairs = Object.entries(contact.attributes ?? {})
  return (
    <Section
      title={t('contact.attributes')}
      edit={{ label: t('contact.edit_attributes'), on: editing, onClick: () => setEditing(true) }}
    >
      {editing ? (
        <EditForm contact={contact} onEnd={() => setEditing(false)} />
      ) : pairs.length === 0 ? (
        <p className={css.quiet}>{t('contact.no_attributes')}</p>
      ) : (
        <dl className={css.facts}>
          {pairs.map(([name, value]) => (
            <div key={name} className={css.fact}>
              <dt title={name}>{name}</dt>
              <dd>
                <SafeText text={shownValue(value)} />
                <Claimed contact={contact} field={`attributes.${name}`} value={value} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </Section>
  )
}

interface Line {
  key: string
  name: string
  value: string
}

function EditForm({ contact, onEnd }: { contact: Contact; onEnd: () => void }) {
  const { t } = useWords()
  const { change, busy, problem } = useContactSave(contact)
  // What was here when the person began: what others add meanwhile is not theirs to take away.
  const [before] = useState(contact.attributes ?? {})
  const [lines, setLines] = useState<Line[]>(() =>
    Object.entries(before).map(([name, value]) => ({
      key: name,
      name,
      value: shownValue(value),
    })),
  )
  const set = (key: string, fields: Partial<Line>) =>
    setLines(lines.map((line) => (line.key === key ? { ...line, ...fields } : line)))
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const attributes = attributeChange(before, lines)
    if (Object.keys(attributes).length === 0 || (await change({ attributes }))) onEnd()
  }
  return (
    <form className={css.form} onSubmit={(event) => void submit(event)}>
      {lines.map((line) => (
        <div key={line.key} className={css.pair}>
          <TextInput
            size="xs"
            aria-label={t('contact.attribute')}
            value={line.name}
            onChange={(event) => set(line.key, { name: event.currentTarget.value })}
          />
          <TextInput
            size="xs"
            aria-label={t('contact.value_of', { name: line.name })}
            value={line.value}
            onChange={(event) => set(line.key, { value: event.currentTarget.value })}
          />
          <ActionIcon
            size="sm"
            aria-label={t('contact.remove_attribute', { name: line.name })}
            onClick={() => setLines(lines.filter((one) => one.key !== line.key))}
          >
            <IconX size={14} />
          </ActionIcon>
        </div>
      ))}
      <Button
        size="compact-xs"
        variant="subtle"
        leftSection={<IconPlus size={13} />}
        onClick={() => setLines([...lines, { key: crypto.randomUUID(), name: '', value: '' }])}
      >
        {t('contact.add_attribute')}
      </Button>
      <ProblemAlert problem={problem} />
      <FormButtons busy={busy} onCancel={onEnd} />
    </form>
  )
}
