import { Alert, Button, Group, Switch, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useSave } from '../../app/api'
import { useWords } from '../../app/words'
import { ProblemAlert } from '../../ui/ProblemAlert'
import type { Replayed } from '../../ui/schema'
import css from '../../ui/ui.module.css'

/** What is offered first: the last day. */
const DAY_MS = 86_400_000

/** A time as the browser's field has it: without a zone, in the reader's own. */
function local(at: Date): string {
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

/** Delivers again what happened in a period; goes on where there was too much for one request. */
export function ReplayForm({ path }: { path: string }) {
  const { t } = useWords()
  const [from, setFrom] = useState(() => local(new Date(Date.now() - DAY_MS)))
  const [to, setTo] = useState(() => local(new Date()))
  const [undelivered, setUndelivered] = useState(true)
  const [count, setCount] = useState<number>()
  const [next, setNext] = useState<string>()
  const replay = useSave<Replayed, string>(
    (start) => ({
      method: 'POST',
      path: `${path}/replay`,
      body: { from: start, to: new Date(to).toISOString(), undelivered },
    }),
    [`${path}/deliveries`],
  )
  const run = (start: string, before: number) =>
    replay.mutate(start, {
      onSuccess: (done) => {
        setCount(before + done.count)
        setNext(done.next ?? undefined)
      },
    })
  return (
    <div style={{ display: 'grid', gap: 14, maxWidth: 560 }}>
      <p className={css.about}>{t('webhooks.replay_about')}</p>
      <Group grow>
        <TextInput
          type="datetime-local"
          label={t('webhooks.from')}
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <TextInput
          type="datetime-local"
          label={t('webhooks.to')}
          value={to}
          min={from}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
      </Group>
      <Switch
        label={t('webhooks.undelivered')}
        checked={undelivered}
        onChange={(event) => setUndelivered(event.currentTarget.checked)}
      />
      <ProblemAlert problem={replay.error} />
      {count !== undefined && (
        <Alert color="teal" variant="light" py={10} role="status">
          {t('webhooks.replayed', { count })}
        </Alert>
      )}
      <Group>
        <Button
          loading={replay.isPending}
          disabled={!from || !to}
          onClick={() => {
            setCount(undefined)
            run(new Date(from).toISOString(), 0)
          }}
        >
          {t('webhooks.replay_do')}
        </Button>
        {next && (
          <Button variant="default" loading={replay.isPending} onClick={() => run(next, count ?? 0)}>
            {t('webhooks.replay_more')}
          </Button>
        )}
      </Group>
    </div>
  )
}
