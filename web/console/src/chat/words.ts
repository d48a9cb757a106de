/** What happened in a conversation, in words. */
import type { Content, Entry, EntryOf } from '@deskwire/sdk'
import { t, type WordKey } from '../app/words'
import type { Directory } from './ChatProvider'
import { agentName, authorName, teamName } from './names'
import { dayAndTime } from './times'

/** The words of a content, or what stands for it. */
export function contentText(content: Content): string {
  switch (content.kind) {
    case 'text':
    case 'system':
      return content.text
    case 'card':
      return content.title
    case 'image':
      return content.text || t('content.image', { name: content.name })
    case 'file':
      return content.text || t('content.file', { name: content.name })
    default:
      return t('content.unknown')
  }
}

/** What somebody said with an entry, in one line. */
export function spokenText(entry: Entry): string | undefined {
  switch (entry.type) {
    case 'message':
    case 'held':
      return contentText(entry.content)
    case 'postback':
      return entry.label
    case 'rated':
      return t('event.rated', { score: entry.score })
    case 'note':
      return entry.text
    default:
      return undefined
  }
}

/** What is needed to name people in a conversation. */
export interface Naming {
  directory: Directory
  contact: string | undefined
  language: string
}

const QUEUED: Record<EntryOf<'queued'>['reason'], WordKey> = {
  handoff: 'event.queued_handoff',
  agent_gone: 'event.queued_agent_gone',
  returned: 'event.queued_returned',
}

function assigned(entry: EntryOf<'assigned'>, naming: Naming): string {
  const name = entry.name ?? agentName(entry.agent, naming.directory)
  const by = authorName(entry.by, naming.directory, naming.contact)
  switch (entry.reason) {
    case 'accept':
      return t('event.accepted', { name })
    case 'assign':
      return entry.by.id === entry.agent ? t('event.accepted', { name }) : t('event.assigned', { by, name })
    case 'routing':
      return t('event.routed', { name })
    case 'transfer':
      return t('event.transfer_taken', { name })
    case 'return':
      return t('event.returned', { name })
  }
}

function transferred(entry: EntryOf<'transfer_requested'>, { directory, contact }: Naming): string {
  const by = authorName(entry.by, directory, contact)
  const name = 'agent' in entry.to ? agentName(entry.to.agent, directory) : teamName(entry.to.team, directory)
  return t('event.transfer_requested', { by, name })
}

function labelled(entry: EntryOf<'labelled'>, naming: Naming): string {
  const by = authorName(entry.by, naming.directory, naming.contact)
  const parts: string[] = []
  const added = entry.added ?? []
  const removed = entry.removed ?? []
  if (added.length > 0) parts.push(t('event.labelled', { by, labels: added.join(', ') }))
  if (removed.length > 0) parts.push(t('event.unlabelled', { by, labels: removed.join(', ') }))
  return parts.join(' · ')
}

/** A change of state in one line; `undefined` for what is more than a line. */
export function eventText(entry: Entry, naming: Naming): string | undefined {
  const { directory } = naming
  const by = authorName(entry.by, directory, naming.contact)
  switch (entry.type) {
    case 'opened': {
      const inbox = directory.inboxes.get(entry.inbox)?.name ?? entry.inbox
      return t(entry.bot ? 'event.opened_bot' : 'event.opened', { inbox })
    }
    case 'queued': {
      const text = t(QUEUED[entry.reason], { team: teamName(entry.team, directory) })
      return entry.note ? `${text} · ${entry.note}` : text
    }
    case 'bot_called':
      return t('event.bot_called', { by })
    case 'assigned':
      return assigned(entry, naming)
    case 'transfer_requested':
      return transferred(entry, naming)
    case 'transfer_ended':
      return t(entry.outcome === 'declined' ? 'event.transfer_declined' : 'event.transfer_timed_out', { by })
    case 'closed':
      return entry.reason
        ? t('event.closed_because', { by, reason: entry.reason })
        : t('event.closed', { by })
    case 'reopened':
      return t('event.reopened', { by })
    case 'snoozed':
      return t('event.snoozed', { by, until: dayAndTime(entry.until, naming.language) })
    case 'woken':
      return t('event.woken')
    case 'labelled':
      return labelled(entry, naming)
    case 'postback':
      return t('event.postback', { by, label: entry.label })
    case 'reviewed':
      return t(entry.released ? 'event.released' : 'event.withheld', { by })
    default:
      return undefined
  }
}
