import { Button } from '@mantine/core'
import IconRefresh from '@tabler/icons-react/icons/IconRefresh'
import IconSend from '@tabler/icons-react/icons/IconSend'
import IconStack2 from '@tabler/icons-react/icons/IconStack2'
import { useState } from 'react'
import { useOne, usePage, useSave } from '../../app/api'
import { useWords } from '../../app/words'
import { type Column, DataTable } from '../../ui/DataTable'
import { FormDrawer } from '../../ui/FormDrawer'
import { Mark, Mono, type Tone } from '../../ui/Mark'
import { Page } from '../../ui/Page'
import { ProblemAlert } from '../../ui/ProblemAlert'
import type { EventReport, EventStatus, StepOutcome } from '../../ui/schema'
import { TimeAgo } from '../../ui/TimeAgo'
import css from '../../ui/ui.module.css'
import { SendEvent } from './SendEvent'

const PATH = '/v1/events'
const TONES: Record<EventStatus, Tone> = { waiting: 'busy', done: 'good', failed: 'bad' }
const STEP_TONES: Record<StepOutcome, Tone> = { done: 'good', skipped: 'quiet', failed: 'bad' }

/** Rows of a page: two screens of them. */
const ROWS = 50

/** The page of the events that came in, and what was done about each. */
export default function Events() {
  const { t } = useWords()
  const list = usePage<EventReport>(PATH, { limit: ROWS })
  const [open, setOpen] = useState<EventReport>()
  const [sending, setSending] = useState(false)
  const columns: Column<EventReport>[] = [
    { key: 'type', title: t('events.type'), cell: (report) => <Mono>{report.event.type}</Mono> },
    {
      key: 'status',
      title: t('ui.status'),
      cell: (report) => <Mark tone={TONES[report.status]}>{t(`events.${report.status}`)}</Mark>,
    },
    { key: 'source', title: t('events.source'), cell: (report) => report.event.source, quiet: true },
    {
      key: 'subject',
      title: t('events.subject'),
      cell: (report) => report.event.subject ?? '–',
      quiet: true,
    },
    { key: 'steps', title: t('events.steps'), align: 'right', cell: (report) => report.steps.length },
    {
      key: 'received',
      title: t('events.received'),
      cell: (report) => <TimeAgo at={report.received} />,
      quiet: true,
    },
  ]
  return (
    <Page
      title={t('events.title')}
      about={t('events.about')}
      actions={
        <>
          <Button variant="default" leftSection={<IconRefresh size={16} />} onClick={list.reload}>
            {t('ui.refresh')}
          </Button>
          <Button leftSection={<IconSend size={16} />} onClick={() => setSending(true)}>
            {t('events.send')}
          </Button>
        </>
      }
    >
      <DataTable
        list={list}
        id={(report) => report.id}
        columns={columns}
        onOpen={setOpen}
        empty={{ icon: IconStack2, title: t('events.none'), about: t('events.none_about') }}
      />
      {open && <Report key={open.id} first={open} onClose={() => setOpen(undefined)} />}
      {sending && <SendEvent onClose={() => setSending(false)} />}
    </Page>
  )
}

function Report({ first, onClose }: { first: EventReport; onClose: () => void }) {
  const { t } = useWords()
  const read = useOne<EventReport>(`${PATH}/${first.id}`)
  const report = read.data ?? first
  const retry = useSave<void>(() => ({ method: 'POST', path: `${PATH}/${first.id}/retry` }), [PATH])
  return (
    <FormDrawer
      title={report.event.type}
      size={600}
      onClose={onClose}
      problem={retry.error}
      aside={
        report.status === 'failed' && (
          <Button variant="light" loading={retry.isPending} onClick={() => retry.mutate()}>
            {t('events.retry')}
          </Button>
        )
      }
    >
      <ProblemAlert problem={read.error} />
      <div className={css.hint}>
        <Mark tone={TONES[report.status]}>{t(`events.${report.status}`)}</Mark> · {report.event.source} ·{' '}
        <TimeAgo at={report.received} />
      </div>
      <div>
        <h3 className={css.sectionTitle}>{t('events.what')}</h3>
        {report.steps.length === 0 && <p className={css.about}>{t('events.no_steps')}</p>}
        <ol className={css.timeline}>
          {report.steps.map((step, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: steps have no id but their place
            <li key={at}>
              <Mark tone={STEP_TONES[step.outcome]}>
                <b>{step.step}</b> {t(`events.step.${step.outcome}`)}
              </Mark>
              <div className={css.hint}>
                {step.rule}
                {step.detail && ` — ${step.detail}`}
              </div>
            </li>
          ))}
        </ol>
      </div>
      <div>
        <h3 className={css.sectionTitle}>{t('events.event')}</h3>
        <pre className={css.code}>{JSON.stringify(report.event, null, 2)}</pre>
      </div>
    </FormDrawer>
  )
}
