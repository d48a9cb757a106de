import type { Contact } from '@deskwire/sdk'
import { safeHref } from '@deskwire/sdk/linkify'
import { ActionIcon, Button, TextInput } from '@mantine/core'
import IconPencil from '@tabler/icons-react/icons/IconPencil'
import IconRosetteDiscountCheck from '@tabler/icons-react/icons/IconRosetteDiscountCheck'
import { type FormEvent, useState } from 'react'
import { useWords, type WordKey } from '../../app/words'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { TimeAgo } from '../../ui/TimeAgo'
import { OutLink } from '../conversation/SafeText'
import { Face } from '../Face'
import { contactName } from '../names'
import { Claimed } from './Claimed'
import css from './ContactPanel.module.css'
import { useContactSave } from './useContactSave'

const FIELDS = ['name', 'email', 'phone'] as const
const WORDS: Record<(typeof FIELDS)[number], WordKey> = {
  name: 'contact.name',
  email: 'contact.email',
  phone: 'contact.phone',
}

/** Who it is, and how they are reached. */
export function ContactCard({ contact }: { contact: Contact }) {
  const { t } = useWords()
  const [editing, setEditing] = useState(false)
  const name = contactName(contact.name, contact.id)
  return (
    <section className={css.section}>
      <div className={css.person}>
        <Face id={contact.id} name={name} picture={contact.avatar} size={44} />
        <div style={{ flex: 1, minWidth: 0 }}>
          <h3 className={css.name}>{name}</h3>
          {contact.verified ? (
            <span className={css.verified}>
              <IconRosetteDiscountCheck size={14} stroke={1.8} /> {t('contact.verified')}
            </span>
          ) : (
            <span className={css.unverified}>{t('contact.unverified')}</span>
          )}
        </div>
        {!editing && (
          <ActionIcon
            size="sm"
            aria-label={t('contact.edit')}
            title={t('contact.edit')}
            onClick={() => setEditing(true)}
          >
            <IconPencil size={14} stroke={1.8} />
          </ActionIcon>
        )}
      </div>
      {editing ? <EditForm contact={contact} onEnd={() => setEditing(false)} /> : <Facts contact={contact} />}
    </section>
  )
}

function Facts({ contact }: { contact: Contact }) {
  const { t } = useWords()
  const { email, phone, external_id: external } = contact
  const mail = email ? safeHref(`mailto:${email}`) : undefined
  const call = phone ? safeHref(`tel:${phone.replaceAll(/\s/g, '')}`) : undefined
  return (
    <dl className={css.facts}>
      <div className={css.fact}>
        <dt>{t('contact.email')}</dt>
        <dd>
          {email && mail ? <OutLink to={mail}>{email}</OutLink> : (email ?? '–')}
          <Claimed contact={contact} field="email" value={email} />
        </dd>
      </div>
      <div className={css.fact}>
        <dt>{t('contact.phone')}</dt>
        <dd>
          {phone && call ? <OutLink to={call}>{phone}</OutLink> : (phone ?? '–')}
          <Claimed contact={contact} field="phone" value={phone} />
        </dd>
      </div>
      {external && (
        <div className={css.fact}>
          <dt>{t('contact.external_id')}</dt>
          <dd>{external}</dd>
        </div>
      )}
      <div className={css.fact}>
        <dt>{t('contact.since')}</dt>
        <dd>
          <TimeAgo at={contact.created} />
        </dd>
      </div>
    </dl>
  )
}

function EditForm({ contact, onEnd }: { contact: Contact; onEnd: () => void }) {
  const { t } = useWords()
  const { change, busy, problem } = useContactSave(contact)
  const [before] = useState(contact)
  const [values, setValues] = useState({
    name: contact.name ?? '',
    email: contact.email ?? '',
    phone: contact.phone ?? '',
  })
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const changed = FIELDS.filter((field) => values[field] !== (before[field] ?? ''))
    const fields = Object.fromEntries(changed.map((field) => [field, values[field].trim()]))
    if (changed.length === 0 || (await change(fields))) onEnd()
  }
  return (
    <form className={css.form} onSubmit={(event) => void submit(event)}>
      {FIELDS.map((field) => (
        <TextInput
          key={field}
          size="xs"
          label={t(WORDS[field])}
          value={values[field]}
          onChange={(event) => setValues({ ...values, [field]: event.currentTarget.value })}
        />
      ))}
      <ProblemAlert problem={problem} />
      <FormButtons busy={busy} onCancel={onEnd} />
    </form>
  )
}

/** The two ways out of a small form. */
export function FormButtons({ busy, onCancel }: { busy: boolean; onCancel: () => void }) {
  const { t } = useWords()
  return (
    <div className={css.buttons}>
      <Button size="compact-sm" variant="default" onClick={onCancel}>
        {t('ui.cancel')}
      </Button>
      <Button size="compact-sm" type="submit" loading={busy}>
        {t('ui.save')}
      </Button>
    </div>
  )
}
