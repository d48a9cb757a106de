import type { Contact } from '@deskwire/sdk'
import { Button } from '@mantine/core'
import { useWords } from '../../app/words'
import { useContactSave } from './useContactSave'

const ATTRIBUTE = 'attributes.'

/** Says that only the person themselves said this, and lets an agent who knows better confirm it. */
export function Claimed({ contact, field, value }: { contact: Contact; field: string; value: unknown }) {
  const { t } = useWords()
  const { change, busy, problem } = useContactSave(contact)
  if (!contact.claimed?.includes(field)) return null
  const said = field.startsWith(ATTRIBUTE)
    ? { attributes: { [field.slice(ATTRIBUTE.length)]: value } }
    : { [field]: value }
  return (
    <Button
      size="compact-xs"
      variant="subtle"
      color={problem ? 'red' : 'gray'}
      title={problem?.message ?? t('contact.claimed')}
      loading={busy}
      onClick={() => void change(said)}
    >
      {t('contact.confirm')}
    </Button>
  )
}
