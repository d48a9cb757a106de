import { ActionIcon, Button, Group, TagsInput, TextInput } from '@mantine/core'
import IconPlus from '@tabler/icons-react/icons/IconPlus'
import IconX from '@tabler/icons-react/icons/IconX'
import { Link } from '@tanstack/react-router'
import { useSave } from '../../app/api'
import { useWords } from '../../app/words'
import { useConversationsOf } from '../../chat/contact/useConversationsOf'
import { useDraft } from '../../ui/draft'
import { FormDrawer } from '../../ui/FormDrawer'
import { changed, without } from '../../ui/list'
import { Mark } from '../../ui/Mark'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { fieldProblem } from '../../ui/problem'
import type { Contact, ContactChange } from '../../ui/schema'
import { TimeAgo } from '../../ui/TimeAgo'
import css from '../../ui/ui.module.css'
import { changes, contactName, type Row, toRows } from './contact'
import { MergeContact } from './MergeContact'

const FIELDS = ['name', 'email', 'phone'] as const

/** Makes a contact, or shows and changes one. */
export function ContactForm({ contact, onClose }: { contact?: Contact; onClose: () => void }) {
  const { t } = useWords()
  const draft = useDraft({
    name: contact?.name ?? '',
    email: contact?.email ?? '',
    phone: contact?.phone ?? '',
    external_id: '',
    tags: contact?.tags ?? [],
    rows: toRows(contact?.attributes),
  })
  const { value, set } = draft
  const save = useSave<Contact, ContactChange>(
    (body) => ({
      method: contact ? 'PATCH' : 'POST',
      path: contact ? `/v1/contacts/${contact.id}` : '/v1/contacts',
      body,
    }),
    ['/v1/contacts'],
  )
  const submit = () => {
    const attributes = changes(contact?.attributes, value.rows)
    save.mutate(
      {
        ...Object.fromEntries(
          FIELDS.filter((field) => value[field] !== (contact?.[field] ?? '')).map((field) => [
            field,
            value[field],
          ]),
        ),
        ...(!contact && value.external_id && { external_id: value.external_id }),
        ...(Object.keys(attributes).length > 0 && {
          attributes: attributes as NonNullable<ContactChange['attributes']>,
        }),
        ...(value.tags.join('\n') !== (contact?.tags ?? []).join('\n') && { tags: value.tags }),
        ...(contact && { version: contact.version }),
      } as ContactChange,
      { onSuccess: onClose },
    )
  }
  return (
    <FormDrawer
      title={contact ? contactName(contact) : t('contacts.new')}
      onClose={onClose}
      onSave={submit}
      dirty={draft.dirty}
      saving={save.isPending}
      problem={save.error}
      size={520}
    >
      {contact && <Facts contact={contact} />}
      <TextInput
        label={t('ui.name')}
        value={value.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
        error={fieldProblem(save.error, 'name')}
        data-autofocus={!contact || undefined}
      />
      <Group grow align="flex-start">
        <TextInput
          label={t('contact.email')}
          type="email"
          value={value.email}
          onChange={(event) => set({ email: event.currentTarget.value })}
          error={fieldProblem(save.error, 'email')}
        />
        <TextInput
          label={t('contact.phone')}
          type="tel"
          value={value.phone}
          onChange={(event) => set({ phone: event.currentTarget.value })}
          error={fieldProblem(save.error, 'phone')}
        />
      </Group>
      {!contact && (
        <TextInput
          label={t('contacts.external_id')}
          description={t('contacts.external_id_hint')}
          value={value.external_id}
          onChange={(event) => set({ external_id: event.currentTarget.value.trim() })}
          error={fieldProblem(save.error, 'external_id')}
        />
      )}
      <TagsInput
        label={t('contact.tags')}
        value={value.tags}
        onChange={(tags) => set({ tags })}
        error={fieldProblem(save.error, 'tags')}
      />
      <Attributes rows={value.rows} onChange={(rows) => set({ rows })} />
      {contact && <Conversations contact={contact.id} />}
      {contact && !contact.merged_into && <MergeContact into={contact} onDone={onClose} />}
    </FormDrawer>
  )
}

function Facts({ contact }: { contact: Contact }) {
  const { t } = useWords()
  return (
    <div className={css.box} style={{ display: 'grid', gap: 6, fontSize: 13 }}>
      <Mark tone={contact.verified ? 'good' : 'quiet'}>
        {t(contact.verified ? 'contacts.verified' : 'contacts.anonymous')}
      </Mark>
      <div className={css.hint}>
        {t('contacts.first_seen')}: <TimeAgo at={contact.created} />
        {contact.external_id && (
          <>
            {' · '}
            {t('contacts.external_id')}: <span className={css.mono}>{contact.external_id}</span>
          </>
        )}
      </div>
      {contact.merged_into && <div>{t('contacts.merged_into')}</div>}
      {(contact.merged_from?.length ?? 0) > 0 && (
        <div className={css.hint}>
          {t('contacts.merged_from', { count: contact.merged_from?.length ?? 0 })}
        </div>
      )}
    </div>
  )
}

function Attributes({ rows, onChange }: { rows: Row[]; onChange: (rows: Row[]) => void }) {
  const { t } = useWords()
  return (
    <div>
      <h3 className={css.sectionTitle}>{t('contact.attributes')}</h3>
      <p className={css.about} style={{ marginBottom: 8 }}>
        {t('contacts.attributes_hint')}
      </p>
      {rows.map((row, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place, its key is being written
        <Group key={at} gap={8} mb={6} wrap="nowrap">
          <TextInput
            w={170}
            aria-label={t('contact.attribute')}
            placeholder={t('contact.attribute')}
            value={row.key}
            onChange={(event) => onChange(changed(rows, at, { key: event.currentTarget.value }))}
          />
          <TextInput
            style={{ flex: 1 }}
            aria-label={`${t('contacts.value')} ${row.key}`}
            placeholder={t('contacts.value')}
            value={row.text}
            onChange={(event) => onChange(changed(rows, at, { text: event.currentTarget.value }))}
          />
          <ActionIcon aria-label={t('ui.remove')} onClick={() => onChange(without(rows, at))}>
            <IconX size={15} />
          </ActionIcon>
        </Group>
      ))}
      <Button
        variant="default"
        size="xs"
        leftSection={<IconPlus size={14} />}
        onClick={() => onChange([...rows, { key: '', text: '' }])}
      >
        {t('contact.add_attribute')}
      </Button>
    </div>
  )
}

/** Conversations that are shown of a contact: the newest; the inbox finds the others. */
const SHOWN = 5

function Conversations({ contact }: { contact: string }) {
  const { t } = useWords()
  const list = useConversationsOf(contact, SHOWN)
  return (
    <div>
      <h3 className={css.sectionTitle}>{t('contacts.conversations')}</h3>
      <ProblemAlert problem={list.problem} onRetry={list.reload} />
      {!list.loading && !list.problem && list.rows.length === 0 && (
        <p className={css.about}>{t('contacts.no_conversations')}</p>
      )}
      <div style={{ display: 'grid', gap: 6, marginTop: 8 }}>
        {list.rows.slice(0, SHOWN).map((row) => (
          <Link
            key={row.conversation}
            to="/inbox/$view/$conversation"
            params={{ view: 'all', conversation: row.conversation }}
            className={css.box}
            style={{ padding: '8px 12px', fontSize: 13, color: 'inherit', textDecoration: 'none' }}
          >
            <div style={{ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>
              {row.preview ?? '…'}
            </div>
            <div className={css.hint}>
              <TimeAgo at={row.updated} />
            </div>
          </Link>
        ))}
      </div>
    </div>
  )
}
