import { Button, Collapse, UnstyledButton } from '@mantine/core'
import IconChevronDown from '@tabler/icons-react/icons/IconChevronDown'
import IconRefresh from '@tabler/icons-react/icons/IconRefresh'
import IconWebhook from '@tabler/icons-react/icons/IconWebhook'
import { useState } from 'react'
import { usePage, useSave } from '../../app/api'
import { useWords } from '../../app/words'
import { More, Rows } from '../../ui/DataTable'
import { EmptyState } from '../../ui/EmptyState'
import { Mark, type Tone } from '../../ui/Mark'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { plainly } from '../../ui/problem'
import type { Attempt, Delivery, DeliveryStatus } from '../../ui/schema'
import { TimeAgo } from '../../ui/TimeAgo'
import css from '../../ui/ui.module.css'
import own from './Deliveries.module.css'

const TONES: Record<DeliveryStatus, Tone> = {
  pending: 'busy',
  delivered: 'good',
  failed: 'bad',
  skipped: 'quiet',
}

/** Rows of a page: more than a screen of them, and each has a body. */
const ROWS = 25

/** What an endpoint got: each delivery with all its attempts, its body, and a way to send it again. */
export function Deliveries({ path }: { path: string }) {
  const { t } = useWords()
  const list = usePage<Delivery>(path, { limit: ROWS })
  return (
    <div>
      <div
        style={{ display: 'flex', justifyContent: 'space-between', alignItems: 'center', marginBottom: 8 }}
      >
        <span className={css.hint}>{t('webhooks.kept')}</span>
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<IconRefresh size={14} />}
          onClick={list.reload}
        >
          {t('ui.refresh')}
        </Button>
      </div>
      <Rows list={list}>
        {list.rows.length === 0 && !list.more ? (
          <EmptyState
            icon={IconWebhook}
            title={t('webhooks.no_deliveries')}
            about={t('webhooks.no_deliveries_about')}
          />
        ) : (
          list.rows.map((delivery) => <DeliveryRow key={delivery.id} delivery={delivery} path={path} />)
        )}
        <More list={list} />
      </Rows>
    </div>
  )
}

/** What the last attempt came to, in a word. */
function outcome(attempt: Attempt | undefined): string {
  if (!attempt) return '–'
  return attempt.status ? String(attempt.status) : attempt.error ? plainly(attempt.error) : '–'
}

function DeliveryRow({ delivery, path }: { delivery: Delivery; path: string }) {
  const { t } = useWords()
  const [open, setOpen] = useState(false)
  const last = delivery.attempts.at(-1)
  return (
    <div className={css.listItem} style={{ padding: 0 }}>
      <UnstyledButton onClick={() => setOpen(!open)} aria-expanded={open} className={own.deliveryRow ?? ''}>
        <Mark tone={TONES[delivery.status]}>{t(`delivery.${delivery.status}`)}</Mark>
        <span style={{ fontWeight: 550 }}>{delivery.type}</span>
        <span
          className={css.mono}
          style={{ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}
        >
          {delivery.subject}
        </span>
        <span className={css.hint}>{outcome(last)}</span>
        <span className={css.hint}>{last ? <TimeAgo at={last.at} /> : '–'}</span>
        <IconChevronDown size={15} style={{ transform: open ? 'rotate(180deg)' : undefined }} />
      </UnstyledButton>
      <Collapse expanded={open}>{open && <Details delivery={delivery} path={path} />}</Collapse>
    </div>
  )
}

function Details({ delivery, path }: { delivery: Delivery; path: string }) {
  const { t } = useWords()
  const resend = useSave<Delivery>(() => ({ method: 'POST', path: `${path}/${delivery.id}/resend` }), [path])
  return (
    <div style={{ display: 'grid', gap: 12, padding: '4px 16px 16px' }}>
      <ol className={css.timeline}>
        {delivery.attempts.map((attempt) => (
          <li key={attempt.at}>
            <Mark tone={attempt.status && attempt.status >= 200 && attempt.status < 300 ? 'good' : 'bad'}>
              <b>{outcome(attempt)}</b>
              <span className={css.hint}>
                {attempt.millis} ms · <TimeAgo at={attempt.at} />
              </span>
            </Mark>
            {attempt.head && <pre className={css.code}>{attempt.head}</pre>}
          </li>
        ))}
        {delivery.next_attempt && (
          <li>
            <Mark tone="busy">
              {t('webhooks.next')} <TimeAgo at={delivery.next_attempt} />
            </Mark>
          </li>
        )}
      </ol>
      <div>
        <h3 className={css.sectionTitle}>{t('webhooks.body')}</h3>
        <pre className={css.code}>{pretty(delivery.body)}</pre>
      </div>
      <ProblemAlert problem={resend.error} />
      <div>
        <Button size="xs" variant="default" loading={resend.isPending} onClick={() => resend.mutate()}>
          {t('webhooks.resend')}
        </Button>
      </div>
    </div>
  )
}

/** A body as people read it. What was sent, to the byte, has no such spaces. */
function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}
