import type { Conversation, EntryView } from '@deskwire/sdk'
import { UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import { useWords } from '../../app/words'
import { SafeText } from '../conversation/SafeText'
import css from './ContactPanel.module.css'
import { Section } from './Section'

function isSummary(view: EntryView): boolean {
  return !('hidden' in view) && view.type === 'note' && view.by.kind === 'bot' && !view.content
}

/** What the AI agent wrote down for whoever takes the conversation: the newest says what the older ones said. */
export function Summaries({ conversation }: { conversation: Conversation }) {
  const { t } = useWords()
  const view = conversation.entries.findLast(isSummary)
  if (!view || 'hidden' in view || view.type !== 'note') return null
  return (
    <Section title={t('contact.summary')}>
      <Summary key={view.seq} text={view.text} />
    </Section>
  )
}

/** Lines of a summary that are shown at once: what was asked and how it stands is in the first ones. */
const LINES = 7

function Summary({ text }: { text: string }) {
  const { t } = useWords()
  const [whole, setWhole] = useState(false)
  const lines = text.split('\n')
  const cut = !whole && lines.length > LINES
  return (
    <div className={css.summary}>
      <SafeText text={cut ? lines.slice(0, LINES).join('\n') : text} />
      {cut && (
        <UnstyledButton className={css.whole ?? ''} onClick={() => setWhole(true)}>
          {t('contact.whole')}
        </UnstyledButton>
      )}
    </div>
  )
}
