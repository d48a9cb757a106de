import type { ListRow } from '@deskwire/sdk'
import { type Pages, usePage } from '../../app/api'
import { STATUSES } from '../../app/inboxFilters'

/** A contact's conversations, closed ones too, the newest first. */
export function useConversationsOf(contact: string, limit: number): Pages<ListRow> {
  return usePage<ListRow>('/v1/conversations', { contact, status: STATUSES.join(','), limit })
}
