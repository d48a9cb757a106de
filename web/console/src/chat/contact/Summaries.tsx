import type { Conversation, EntryView } from '@deskwire/sdk'
import { useWords } from '../../app/words'
import { SafeText } from '../conversation/SafeText'
import css from './ContactPanel.module.css'
import { Section } from './Section'

/** Summaries that are shown: the newest says what the older ones said. */
const SHOWN = 1

function isSummary(view: EntryView): boolean {
  return !('hidden' in view) && view.type === 'note' && view.by.kind === 'bot' && !view.content
}

/** What the AI agent wrote down for whoever takes the conversation. */
export function Summaries({ conversation }: { conversation: Conversation }) {
  const { t } = useWords()
  const found = conversation.entries.filter(isSummary).slice(-SHOWN)
  if (found.length === 0) return null
  return (
    <Section title={t('contact.summary')}>
      {found.map((view) =>
        'hidden' in view || view.type !== 'note' ? null : (
          <div key={view.seq} className={css.summary}>
            <SafeText text={view.text} />
          </div>
        ),
      )}
    </Section>
  )
}
