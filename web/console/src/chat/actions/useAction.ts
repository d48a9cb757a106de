import type { ActionFrame, Schemas } from '@deskwire/sdk'
import { useCallback, useState } from 'react'
import { useDesk, useMe } from '../../app/api'
import { told } from '../../ui/problem'
import { useTask } from '../../ui/useTask'
import { useRows } from '../ChatProvider'
import { staffState } from '../rows'

/** Refusals that mean: somebody else was faster, or it stands elsewhere than was thought. */
const LOST = new Set([
  'already_assigned',
  'not_assignee',
  'not_possible_now',
  'transfer_not_yours',
  'conversation_closed',
  'conflict',
])

/**
 * The refusal, as it is to be said: of a full agent the server speaks in the third person, also where it is the one who
 * asked. There it is another code, with words of its own.
 */
export function saidTo(self: string, frame: ActionFrame, error: unknown): unknown {
  const oneself = frame.action === 'accept' || (frame.action === 'assign' && frame.agent === self)
  if (!oneself || told(error).code !== 'at_capacity') return error
  return { code: 'self_at_capacity', message: told(error).message }
}

/** A change of a conversation. */
export interface Action {
  /** Does it; whether it was done. */
  run: (frame: ActionFrame) => Promise<boolean>
  busy: boolean
  problem: unknown
  /** After a lost race: who has it, `agt_…`. */
  holder: string | undefined
  clear: () => void
}

/** For whatever changes a conversation. A lost race reads who won, so that the person sees it. */
export function useAction(id: string): Action {
  const desk = useDesk()
  const { agent } = useMe()
  const rows = useRows()
  const { run: start, busy, problem, clear } = useTask()
  const [holder, setHolder] = useState<string>()
  const run = useCallback(
    (frame: ActionFrame) =>
      start(async () => {
        setHolder(undefined)
        try {
          await desk.do(frame)
        } catch (error) {
          if (LOST.has(told(error).code)) {
            const now = await desk
              .http<Schemas['Conversation']>('GET', `/v1/conversations/${id}`)
              .catch(() => undefined)
            if (now?.row) rows.put([now.row])
            setHolder(staffState(now?.state)?.assignee ?? undefined)
          }
          throw saidTo(agent.id, frame, error)
        }
      }),
    [start, desk, agent.id, rows, id],
  )
  return { run, busy, problem, holder, clear }
}
