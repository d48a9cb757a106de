import type { Contact, Schemas } from '@deskwire/sdk'
import { useQueryClient } from '@tanstack/react-query'
import { useSave } from '../../app/api'

/** Changes a contact as it was seen: if somebody changed it meanwhile, the server refuses with `conflict`. */
export function useContactSave(contact: Contact) {
  const client = useQueryClient()
  const path = `/v1/contacts/${contact.id}`
  const save = useSave<Contact, Partial<Schemas['ContactChange']>>(
    (change) => ({ method: 'PATCH', path, body: { ...change, version: contact.version } }),
    ['/v1/contacts'],
  )
  const change = async (fields: Partial<Schemas['ContactChange']>): Promise<boolean> => {
    try {
      const changed = await save.mutateAsync(fields)
      client.setQueryData<Contact>([path, {}], changed)
      return true
    } catch {
      // `problem` says why, beside the form.
      void client.invalidateQueries({ queryKey: [path] })
      return false
    }
  }
  return { change, busy: save.isPending, problem: save.error, reset: save.reset }
}
