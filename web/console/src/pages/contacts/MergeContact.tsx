import { useState } from 'react'
import { useWords } from '../../app/words'
import { ConfirmButton } from '../../ui/Confirm'
import type { Contact } from '../../ui/schema'
import css from '../../ui/ui.module.css'
import { ContactSelect } from './ContactSelect'
import { contactName } from './contact'

/** Merges another contact into one, after asking. */
export function MergeContact({ into, onDone }: { into: Contact; onDone: () => void }) {
  const { t } = useWords()
  const [from, setFrom] = useState<Contact>()
  return (
    <div>
      <h3 className={css.sectionTitle}>{t('contacts.merge')}</h3>
      <p className={css.about} style={{ marginBottom: 8 }}>
        {t('contacts.merge_about')}
      </p>
      <div style={{ display: 'flex', gap: 8 }}>
        <ContactSelect
          style={{ flex: 1 }}
          placeholder={t('contacts.merge_search')}
          value={from}
          onChange={setFrom}
          except={(contact) => contact.id === into.id || Boolean(contact.merged_into)}
        />
        <ConfirmButton
          label={t('contacts.merge_do')}
          title={t('contacts.merge_title', { from: from ? contactName(from) : '', into: contactName(into) })}
          about={t('contacts.merge_about')}
          button={{ variant: 'default', disabled: !from }}
          write={{ method: 'POST', path: `/v1/contacts/${into.id}/merge`, body: { from: from?.id } }}
          changes={['/v1/contacts', '/v1/conversations']}
          onDone={onDone}
        />
      </div>
    </div>
  )
}
