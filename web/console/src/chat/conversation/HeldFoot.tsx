import type { EntryOf, EntryView } from '@deskwire/sdk'
import { Button } from '@mantine/core'
import { useDesk, useMe } from '../../app/api'
import { useWords } from '../../app/words'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { useTask } from '../../ui/useTask'
import css from './Timeline.module.css'

interface Props {
  entry: EntryOf<'held'>
  conversation: string
  entryAt: (seq: number) => EntryView | undefined
  head: number
}

/** Entries after a held message in which its review is looked for: reviews come soon, or are on the page of held ones. */
const LOOKED_AT = 200

function reviewOf({ entry, entryAt, head }: Omit<Props, 'conversation'>): EntryOf<'reviewed'> | undefined {
  for (let seq = entry.seq + 1; seq <= Math.min(head, entry.seq + LOOKED_AT); seq += 1) {
    const view = entryAt(seq)
    if (view && !('hidden' in view) && view.type === 'reviewed' && view.held === entry.seq) return view
  }
  return undefined
}

/** Below a message that waits for a review: why, and for supervisors what is to become of it. */
export function HeldFoot(props: Props) {
  const { entry, conversation } = props
  const { t } = useWords()
  const { role } = useMe()
  const desk = useDesk()
  const { run, busy, problem } = useTask()
  const review = reviewOf(props)
  const decide = (release: boolean) =>
    void run(() => desk.do({ action: 'review', conversation, entry: entry.seq, release }))
  return (
    <>
      <div className={css.foot}>
        <span>{t(review ? 'held.was' : 'held.waits', { category: entry.category || '–' })}</span>
        {!review && role !== 'agent' && (
          <>
            <Button size="compact-xs" variant="light" loading={busy} onClick={() => decide(true)}>
              {t('held.release')}
            </Button>
            <Button
              size="compact-xs"
              variant="light"
              color="red"
              loading={busy}
              onClick={() => decide(false)}
            >
              {t('held.withhold')}
            </Button>
          </>
        )}
      </div>
      {problem !== undefined && (
        <div className={css.refused}>
          <ProblemAlert problem={problem} />
        </div>
      )}
    </>
  )
}
