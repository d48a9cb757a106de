import type { ListRow } from '@deskwire/sdk'
import { Button } from '@mantine/core'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useEffect, useMemo, useRef } from 'react'
import { useSoundOn } from '../../app/preferences'
import { ring } from '../../app/sound'
import { useWords } from '../../app/words'
import { useDirectory, useLiveRows } from '../ChatProvider'
import { agentName, contactName, teamName } from '../names'
import { useViewer } from '../useViewer'
import { isOfferedTo } from '../views'
import { ActionProblem } from './ActionProblem'
import { clock, useSecondsTo } from './OfferBar'
import css from './OfferStack.module.css'
import { useAction } from './useAction'
import { useOfferNote } from './useOfferNote'

/** Offers at once: the rest comes when these are answered. */
const SHOWN = 3

function useOffers(): ListRow[] {
  const { rows, version } = useLiveRows()
  const viewer = useViewer()
  return useMemo(() => {
    void version
    return [...rows.all()]
      .filter((row) => isOfferedTo(row, viewer.agent, viewer.teams))
      .sort((a, b) => Date.parse(a.state.transfer?.until ?? '') - Date.parse(b.state.transfer?.until ?? ''))
  }, [rows, version, viewer])
}

/** Transfers that wait for this agent, wherever they are in the console. */
export function OfferStack() {
  const { t } = useWords()
  const offers = useOffers()
  const [sound] = useSoundOn()
  const known = useRef(0)
  useEffect(() => {
    if (offers.length > known.current && sound) ring()
    known.current = offers.length
  }, [offers.length, sound])
  const open = useParams({ strict: false, select: (params) => params.conversation })
  // The open conversation has its offer above its log.
  const shown = offers.filter((row) => row.conversation !== open).slice(0, SHOWN)
  if (shown.length === 0) return null
  return (
    <section className={css.stack} aria-live="polite" aria-label={t('offer.waiting')}>
      {shown.map((row) => (
        <Offer key={row.conversation} row={row} />
      ))}
    </section>
  )
}

function Offer({ row }: { row: ListRow }) {
  const { t } = useWords()
  const navigate = useNavigate()
  const directory = useDirectory()
  const action = useAction(row.conversation)
  const { transfer, assignee } = row.state
  const seconds = useSecondsTo(transfer?.until)
  const note = useOfferNote(row)
  const from = agentName(assignee, directory)
  const contact = contactName(row.contact_name, row.contact)
  const team = transfer && 'team' in transfer.to ? teamName(transfer.to.team, directory) : undefined
  const show = () =>
    void navigate({
      to: '/inbox/$view/$conversation',
      params: { view: 'mine', conversation: row.conversation },
    })
  const accept = async () => {
    if (await action.run({ action: 'accept', conversation: row.conversation })) show()
  }
  if (seconds === 0) return null
  return (
    <section className={css.offer}>
      <div className={css.head}>
        <strong>
          {team ? t('offer.title_team', { from, contact, team }) : t('offer.title', { from, contact })}
        </strong>
        <span className={css.countdown}>{clock(seconds)}</span>
      </div>
      {row.preview && <p className={css.preview}>{row.preview}</p>}
      {note && <p className={css.note}>“{note}”</p>}
      <ActionProblem action={action} />
      <div className={css.buttons}>
        <Button size="compact-sm" variant="subtle" color="gray" onClick={show}>
          {t('offer.open')}
        </Button>
        {!team && (
          <Button
            size="compact-sm"
            variant="default"
            disabled={action.busy}
            onClick={() => void action.run({ action: 'decline', conversation: row.conversation })}
          >
            {t('action.decline')}
          </Button>
        )}
        <Button size="compact-sm" loading={action.busy} onClick={() => void accept()}>
          {t('action.accept')}
        </Button>
      </div>
    </section>
  )
}
