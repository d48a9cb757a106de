import type { EntryOf, EntryView, ListRow } from '@deskwire/sdk'
import { useQuery } from '@tanstack/react-query'
import { pathWith, useApi } from '../../app/api'
import type { EntriesPage } from '../../ui/schema'

/** Entries that are looked through for an offer: it is among the newest, for its conversation waits for an answer. */
const NEWEST = 30

function isOffer(view: EntryView): view is EntryOf<'transfer_requested'> {
  return !('hidden' in view) && view.type === 'transfer_requested'
}

/** The note of the offer that is under way, if its entry is among these. */
export function offerNoteIn(entries: readonly EntryView[] = []): string | undefined {
  return entries.findLast(isOffer)?.note ?? undefined
}

/** The note of an offer whose conversation is not open: it stands in the log only. */
export function useOfferNote({ conversation, state }: ListRow): string | undefined {
  const api = useApi()
  const { data } = useQuery({
    queryKey: ['offer', conversation, state.transfer?.until],
    queryFn: async () => {
      const path = pathWith(`/v1/conversations/${conversation}/entries`, { limit: NEWEST })
      return offerNoteIn((await api<EntriesPage>('GET', path)).data) ?? null
    },
  })
  return data ?? undefined
}
