import type { ListRow } from '@deskwire/sdk'
import { Button } from '@mantine/core'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useEffect, useMemo, useRef } from 'react'
import { useTell } from '../../app/useAlerts'
import { t, useWords } from '../../app/words'
import { type Directory, useDirectory, useLiveRows } from '../ChatProvider'
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
  useOfferAlerts(offers)
  const open = useParams({ strict: false, select: (params) => params.conversation })
  // The open conversation has its offer above its log.
  const shown = offers.filter((row) => row.conversation !== open).slice(0, SHOWN)
  // Only what comes into a region that is there already is read aloud.
  return (
    <div aria-live="polite">
      {shown.length > 0 && (
        <section className={css.stack} aria-label={t('offer.waiting')}>
          {shown.map((row) => (
            <Offer key={row.conversation} row={row} />
          ))}
        </section>
      )}
    </div>
  )
}

/** Tells of each offer once. */
function useOfferAlerts(offers: readonly ListRow[]): void {
  const directory = useDirectory()
  const tell = useTell()
  const told = useRef(new Set<string>())
  useEffect(() => {
    for (const row of offers) {
      const offer = `${row.conversation} ${row.state.transfer?.until}`
      if (told.current.has(offer)) continue
      told.current.add(offer)
      tell({
        conversation: row.conversation,
        title: offerTitle(row, directory),
        text: row.preview ?? '',
      })
    }
  }, [offers, directory, tell])
}

/** Who offers whose conversation, and to whom. */
function offerTitle({ state, contact_name, contact: id }: ListRow, directory: Directory): string {
  const from = agentName(state.assignee, directory)
  const contact = contactName(contact_name, id)
  const to = state.transfer?.to
  if (!to || 'agent' in to) return t('offer.title', { from, contact })
  return t('offer.title_team', { from, contact, team: teamName(to.team, directory) })
}

function Offer({ row }: { row: ListRow }) {
  const { t } = useWords()
  const navigate = useNavigate()
  const directory = useDirectory()
  const action = useAction(row.conversation)
  const { transfer } = row.state
  const seconds = useSecondsTo(transfer?.until)
  const note = useOfferNote(row)
  const mine = transfer && 'agent' in transfer.to
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
        <strong>{offerTitle(row, directory)}</strong>
        {/* Each second of it would be read aloud. */}
        <span className={css.countdown} aria-hidden>
          {clock(seconds)}
        </span>
      </div>
      {row.preview && <p className={css.preview}>{row.preview}</p>}
      {note && <p className={css.note}>“{note}”</p>}
      <ActionProblem action={action} />
      <div className={css.buttons}>
        <Button size="compact-sm" variant="subtle" color="gray" onClick={show}>
          {t('offer.open')}
        </Button>
        {mine && (
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
