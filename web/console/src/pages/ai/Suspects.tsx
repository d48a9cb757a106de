import { Button, Loader } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi, useOne } from '../../app/api'
import { useWords } from '../../app/words'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { ScrollX } from '../../ui/ScrollX'
import type { Intent, ModelVersion } from '../../ui/schema'
import css from '../../ui/ui.module.css'
import { useTask } from '../../ui/useTask'
import { leftOut } from './training'

type Suspect = NonNullable<ModelVersion['suspects']>[number]

/** Examples of a version that contradict their neighbours: the list of versions does not have them. */
export function Suspects({ path, admin }: { path: string; admin: boolean }) {
  const { t } = useWords()
  const { data, error, refetch } = useOne<ModelVersion>(path)
  if (error) return <ProblemAlert problem={error} onRetry={() => void refetch()} />
  if (!data) return <Loader size="xs" mt={8} />
  const suspects = data.suspects ?? []
  const words = t(suspects.length > 0 ? 'models.suspects_about' : 'models.no_suspects')
  return (
    <div style={{ marginTop: 8 }}>
      <p className={css.about} style={{ marginBottom: 8 }}>
        {words}
      </p>
      {suspects.length > 0 && (
        <div className={css.card}>
          <ScrollX>
            <table className={css.table}>
              <thead>
                <tr>
                  <th>{t('models.suspect')}</th>
                  <th>{t('models.is')}</th>
                  <th>{t('models.looks_like')}</th>
                  <th>{t('models.neighbours')}</th>
                  {admin && <th />}
                </tr>
              </thead>
              <tbody>
                {suspects.map((suspect) => (
                  <Row key={`${suspect.intent}:${suspect.text}`} suspect={suspect} admin={admin} />
                ))}
              </tbody>
            </table>
          </ScrollX>
        </div>
      )}
    </div>
  )
}

function Row({ suspect, admin }: { suspect: Suspect; admin: boolean }) {
  const { text, intent, looks_like, neighbours } = suspect
  return (
    <tr>
      <td>{text}</td>
      <td>{intent}</td>
      <td style={{ fontWeight: 600 }}>{looks_like}</td>
      <td data-quiet>{neighbours.join(' · ')}</td>
      {admin && (
        <td>
          <LeaveOut intent={intent} text={text} />
        </td>
      )}
    </tr>
  )
}

/** Takes an example out of what is learned; it stays with its intent. */
function LeaveOut({ intent, text }: { intent: string; text: string }) {
  const { t } = useWords()
  const api = useApi()
  const client = useQueryClient()
  const task = useTask()
  const [done, setDone] = useState(false)
  const leave = async () => {
    const path = `/v1/intents/${encodeURIComponent(intent)}`
    const now = await api<Intent>('GET', path)
    await api('PUT', path, { examples: leftOut(now, text), version: now.version })
    setDone(true)
    await client.invalidateQueries({ queryKey: ['/v1/intents'] })
  }
  return (
    <>
      <Button
        size="compact-xs"
        variant="default"
        loading={task.busy}
        disabled={done}
        onClick={() => void task.run(leave)}
      >
        {t(done ? 'models.left_out' : 'models.leave_out')}
      </Button>
      <ProblemAlert problem={task.problem} />
    </>
  )
}
