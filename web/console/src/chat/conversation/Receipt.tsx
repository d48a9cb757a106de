import type { Conversation, EntryView } from '@deskwire/sdk'
import IconCheck from '@tabler/icons-react/icons/IconCheck'
import IconChecks from '@tabler/icons-react/icons/IconChecks'
import { useWords } from '../../app/words'
import css from './Timeline.module.css'

function isForVisitor(view: EntryView): boolean {
  return !('hidden' in view) && view.type === 'message' && view.by.kind !== 'visitor'
}

/** Whether the visitor has got or read the newest thing that was said to them; below that one only. */
export function Receipt({ seq, conversation }: { seq: number; conversation: Conversation }) {
  const { t } = useWords()
  const newest = conversation.entries.findLast(isForVisitor)
  if (newest?.seq !== seq) return null
  const reads = Object.entries(conversation.read).filter(([who]) => who.startsWith('con_'))
  const read = reads.some(([, upTo]) => upTo >= seq)
  const there = read || conversation.delivered >= seq
  return (
    <div className={css.foot}>
      <span>
        {there ? <IconChecks size={13} stroke={2} /> : <IconCheck size={13} stroke={2} />}{' '}
        {t(read ? 'receipt.read' : there ? 'receipt.delivered' : 'receipt.sent')}
      </span>
    </div>
  )
}
