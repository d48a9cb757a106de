import type { State } from '@deskwire/sdk'
import { Button } from '@mantine/core'
import { useDesk, useMe } from '../../app/api'
import { useWords } from '../../app/words'
import { useSecond } from '../../ui/clock'
import { useDirectory } from '../ChatProvider'
import { agentName, teamName } from '../names'
import { useViewer } from '../useViewer'
import css from './ActionBar.module.css'
import { ActionProblem } from './ActionProblem'
import { may } from './may'
import { useAction } from './useAction'
import { offerNoteIn } from './useOfferNote'

/** Seconds until a time, counted down. */
export function useSecondsTo(until: string | undefined): number {
  const now = useSecond(until !== undefined)
  return until ? Math.max(0, Math.ceil((Date.parse(until) - now) / 1_000)) : 0
}

/** Seconds as a clock shows them. */
export function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** While a transfer waits: to whom, how long yet, and what can be done about it. */
export function OfferBar({ id, state }: { id: string; state: State }) {
  const { t } = useWords()
  const { role } = useMe()
  const directory = useDirectory()
  const can = may(state, useViewer(), role)
  const action = useAction(id)
  const { transfer } = state
  const seconds = useSecondsTo(state.status === 'transferring' ? transfer?.until : undefined)
  const note = offerNoteIn(useDesk().conversations.get(id)?.entries)
  if (state.status !== 'transferring' || !transfer) return null
  const to =
    'agent' in transfer.to ? agentName(transfer.to.agent, directory) : teamName(transfer.to.team, directory)
  const from = agentName(state.assignee, directory)
  return (
    <>
      <div className={css.offer}>
        <div className={css.offerText}>
          {can.accept ? t('offer.for_you', { from }) : t('offer.waits', { to })}{' '}
          <span className={css.countdown}>{clock(seconds)}</span>
          {note && <div className={css.offerNote}>“{note}”</div>}
        </div>
        {can.decline && (
          <Button
            size="xs"
            variant="default"
            disabled={action.busy}
            onClick={() => void action.run({ action: 'decline', conversation: id })}
          >
            {t('action.decline')}
          </Button>
        )}
      </div>
      <ActionProblem action={action} inset />
    </>
  )
}
