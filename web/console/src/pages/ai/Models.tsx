import { Button, Collapse } from '@mantine/core'
import IconBrain from '@tabler/icons-react/icons/IconBrain'
import { useEffect, useState } from 'react'
import { usePage, useSave } from '../../app/api'
import { useWords } from '../../app/words'
import { ConfirmButton } from '../../ui/Confirm'
import { useNow } from '../../ui/clock'
import { More, Rows } from '../../ui/DataTable'
import { EmptyState } from '../../ui/EmptyState'
import { bytes, duration, percent } from '../../ui/format'
import { Mark, type Tone } from '../../ui/Mark'
import { Page } from '../../ui/Page'
import { ProblemAlert } from '../../ui/ProblemAlert'
import type { ModelStatus, ModelVersion } from '../../ui/schema'
import { TimeAgo } from '../../ui/TimeAgo'
import css from '../../ui/ui.module.css'
import { useIsAdmin } from '../names'
import own from './ai.module.css'
import { Suspects } from './Suspects'
import { isStuck, statusOf } from './training'

const PATH = '/v1/ai/models'
const TONES: Record<ModelStatus, Tone> = { training: 'busy', ready: 'good', held_back: 'warn', failed: 'bad' }

/** Milliseconds between two looks at a training: it takes a few seconds for a few hundred examples. */
const POLL_MS = 2_000

/** The page of the trained versions: how good each is, what contradicts, and which one serves. */
export default function Models() {
  const { t } = useWords()
  const list = usePage<ModelVersion>(PATH)
  const admin = useIsAdmin()
  const train = useSave<ModelVersion>(() => ({ method: 'POST', path: PATH }), [PATH])
  const now = useNow()
  const training = list.rows.some((model) => statusOf(model, now) === 'training')
  const { reload } = list
  useEffect(() => {
    if (!training) return
    const polling = setInterval(() => document.hidden || reload(), POLL_MS)
    return () => clearInterval(polling)
  }, [training, reload])
  return (
    <Page
      title={t('models.title')}
      about={t('models.about')}
      actions={
        admin && (
          <Button onClick={() => train.mutate()} loading={train.isPending || training}>
            {t('models.train')}
          </Button>
        )
      }
    >
      {train.error && (
        <div style={{ marginBottom: 14 }}>
          <ProblemAlert problem={train.error} />
        </div>
      )}
      <Rows list={list}>
        {list.rows.length === 0 && !list.more ? (
          <EmptyState icon={IconBrain} title={t('models.none')} about={t('models.none_about')} />
        ) : (
          list.rows.map((model) => <Model key={model.version} model={model} admin={admin} />)
        )}
        <More list={list} />
      </Rows>
    </Page>
  )
}

function Model({ model, admin }: { model: ModelVersion; admin: boolean }) {
  const { t } = useWords()
  const [open, setOpen] = useState(false)
  const now = useNow()
  const status = statusOf(model, now)
  const reason = isStuck(model, now) ? t('models.stuck') : model.reason
  const mayServe = admin && !model.serving && (model.status === 'ready' || model.status === 'held_back')
  return (
    <article className={css.listItem}>
      <div style={{ display: 'flex', alignItems: 'center', gap: 14, flexWrap: 'wrap' }}>
        <span style={{ flex: 1, minWidth: 220 }}>
          <span className={css.mono} style={{ fontWeight: 600 }}>
            {model.version}
          </span>{' '}
          <span className={css.hint}>
            <TimeAgo at={model.created} />
          </span>
        </span>
        <Mark tone={TONES[status]}>{t(`model.${status}`)}</Mark>
        {model.serving && <Mark tone="good">{t('models.serving')}</Mark>}
        {mayServe && (
          <ConfirmButton
            label={t('models.serve')}
            title={t('models.serve_title')}
            about={t(model.status === 'held_back' ? 'models.serve_held_back' : 'models.serve_about')}
            tone="plain"
            button={{ size: 'compact-sm', variant: 'default' }}
            write={{ method: 'POST', path: `${PATH}/${model.version}/serve` }}
            changes={[PATH]}
          />
        )}
      </div>
      {reason && <p className={css.about}>{reason}</p>}
      {model.report && <Report report={model.report} />}
      {model.report && (
        <Button size="compact-xs" variant="subtle" mt={8} onClick={() => setOpen(!open)} aria-expanded={open}>
          {t('models.suspects')}
        </Button>
      )}
      <Collapse expanded={open}>
        {open && <Suspects path={`${PATH}/${model.version}`} admin={admin} />}
      </Collapse>
    </article>
  )
}

function Report({ report }: { report: NonNullable<ModelVersion['report']> }) {
  const { t } = useWords()
  const figures = [
    [t('models.examples'), report.examples],
    [t('models.intents'), report.intents],
    [t('models.held_out'), report.held_out],
    [t('models.accuracy'), percent(report.accuracy, 1)],
    [t('models.before'), percent(report.accuracy_before, 1)],
    [t('models.f1'), report.macro_f1?.toFixed(3) ?? '–'],
    [t('models.slot_f1'), report.slot_f1?.toFixed(3) ?? '–'],
    [t('models.took'), duration(report.seconds)],
    [t('models.size'), bytes(report.bytes)],
  ] as const
  const { comparison } = report
  return (
    <>
      <dl className={own.figures}>
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt className={css.hint}>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {comparison && (
        <p className={css.about}>
          {t('models.compared', comparison)} {t(`models.verdict_${comparison.verdict}`)}
        </p>
      )}
    </>
  )
}
