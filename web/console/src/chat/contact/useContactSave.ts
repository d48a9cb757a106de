import type { Contact, Schemas } from '@deskwire/sdk'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi, useSave } from '../../app/api'

type Change = Partial<Schemas['ContactChange']>

/**
 * Changes a contact as it was when the form was opened: if somebody changed it meanwhile, the server refuses with
 * `conflict`. Then it is read again, and who saves once more has seen that.
 */
export function useContactSave(contact: Contact) {
  const api = useApi()
  const client = useQueryClient()
  const path = `/v1/contacts/${contact.id}`
  const [seen, setSeen] = useState(contact.version)
  const save = useSave<Contact, Change>(
    (change) => ({ method: 'PATCH', path, body: { ...change, version: seen } }),
    ['/v1/contacts'],
  )
  const take = (now: Contact) => {
    client.setQueryData<Contact>([path, {}], now)
    setSeen(now.version)
  }
  const change = async (fields: Change): Promise<boolean> => {
    try {
      take(await save.mutateAsync(fields))
      return true
    } catch {
      // `problem` says why, beside the form.
      await api<Contact>('GET', path).then(take, () => undefined)
      return false
    }
  }
  return { change, busy: save.isPending, problem: save.error }
}
