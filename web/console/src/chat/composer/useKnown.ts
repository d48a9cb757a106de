import type { Contact } from '@deskwire/sdk'
import { useMemo } from 'react'
import { useDesk, useMe, useOne } from '../../app/api'
import { useRow } from '../ChatProvider'
import { staffState } from '../rows'

/**
 * What the places of a canned response are filled with: the same two that macros know. A row may be without its name
 * still; the contact itself is asked for where it is `wanted`.
 */
export function useKnown(id: string, wanted: boolean): ReadonlyMap<string, string | undefined> {
  const { agent } = useMe()
  const row = useRow(id)
  const state = staffState(useDesk().conversations.get(id)?.state)
  const contact = row?.contact ?? state?.contact
  const asked = wanted && contact && !row?.contact_name
  const { data } = useOne<Contact>(asked ? `/v1/contacts/${contact}` : undefined)
  const name = row?.contact_name ?? data?.name ?? undefined
  return useMemo(
    () =>
      new Map([
        ['contact.name', name],
        ['agent.name', agent.name],
      ]),
    [name, agent.name],
  )
}
