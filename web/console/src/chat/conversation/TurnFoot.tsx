import type { EntryOf } from '@deskwire/sdk'
import { ActionIcon, Loader, Popover, Progress, UnstyledButton } from '@mantine/core'
import IconSparkles from '@tabler/icons-react/icons/IconSparkles'
import IconThumbDown from '@tabler/icons-react/icons/IconThumbDown'
import IconThumbUp from '@tabler/icons-react/icons/IconThumbUp'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { useDesk } from '../../app/api'
import { useWords } from '../../app/words'
import { percent } from '../../ui/format'
import { ProblemAlert } from '../../ui/ProblemAlert'
import type { Turn } from '../../ui/schema'
import { useTask } from '../../ui/useTask'
import timeline from './Timeline.module.css'
import css from './TurnFoot.module.css'

// Loaded with the first thumb down.
const RightIntent = lazy(() => import('./RightIntent'))

interface Props {
  entry: EntryOf<'message'>
  turn: Turn
}

/** Below an answer of the AI agent: what it thought, and whether that was right. */
export function TurnFoot({ entry, turn }: Props) {
  const { t } = useWords()
  const desk = useDesk()
  const { run, busy, problem } = useTask()
  const judge = (good: boolean, intent?: string) =>
    run(() => desk.feedback(entry.conversation, entry.seq, good, intent))
  return (
    <>
      <div className={timeline.foot}>
        <Popover position="top-start" width={340} withinPortal>
          <Popover.Target>
            <UnstyledButton className={timeline.link ?? ''}>
              <IconSparkles size={12} stroke={2} /> {turn.intent ?? t(`turn.outcome_${turn.outcome}`)} ·{' '}
              {percent(turn.confidence)}
            </UnstyledButton>
          </Popover.Target>
          <Popover.Dropdown>
            <Explanation turn={turn} />
          </Popover.Dropdown>
        </Popover>
        <ActionIcon
          size={20}
          loading={busy}
          aria-label={t('turn.good')}
          title={t('turn.good')}
          onClick={() => void judge(true)}
        >
          <IconThumbUp size={13} stroke={1.8} />
        </ActionIcon>
        <WrongButton onJudge={(intent) => judge(false, intent)} />
      </div>
      <ProblemAlert problem={problem} />
    </>
  )
}

function WrongButton({ onJudge }: { onJudge: (intent: string | undefined) => Promise<boolean> }) {
  const { t } = useWords()
  const [open, setOpen] = useState(false)
  return (
    <Popover opened={open} onChange={setOpen} position="top-start" width={280} trapFocus withinPortal>
      <Popover.Target>
        <ActionIcon size={20} aria-label={t('turn.bad')} title={t('turn.bad')} onClick={() => setOpen(!open)}>
          <IconThumbDown size={13} stroke={1.8} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Suspense fallback={<Loader size="xs" />}>
          <RightIntent onJudge={async (intent) => void ((await onJudge(intent)) && setOpen(false))} />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  )
}

function Explanation({ turn }: { turn: Turn }) {
  const { t } = useWords()
  const slots = Object.entries(turn.slots ?? {})
  return (
    <dl className={css.turn}>
      <Part name={t('turn.question')}>“{turn.question}”</Part>
      <Part name={t('turn.intent')}>{turn.intent ?? '–'}</Part>
      <Part name={t('turn.confidence')}>
        <Progress
          value={turn.confidence * 100}
          size="sm"
          w={110}
          color="teal"
          aria-label={t('turn.confidence')}
        />
        {percent(turn.confidence, 1)}
      </Part>
      <Part name={t('turn.outcome')}>{t(`turn.outcome_${turn.outcome}`)}</Part>
      {turn.reason && <Part name={t('turn.reason')}>{t(`turn.why_${turn.reason}`)}</Part>}
      {slots.length > 0 && (
        <Part name={t('turn.slots')}>{slots.map(([name, value]) => `${name} = ${value}`).join(', ')}</Part>
      )}
      {turn.asked && <Part name={t('turn.asked')}>{turn.asked.slot}</Part>}
      <List name={t('turn.articles')} words={turn.sources} />
      <List name={t('turn.tools')} words={turn.tools} />
      {(turn.tokens ?? 0) > 0 && <Part name={t('turn.tokens')}>{turn.tokens}</Part>}
      <Part name={t('turn.mind')}>{turn.agent}</Part>
    </dl>
  )
}

function List({ name, words }: { name: string; words: readonly string[] | undefined }) {
  return words && words.length > 0 ? <Part name={name}>{words.join(', ')}</Part> : null
}

function Part({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={css.part}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
