import { Anchor, Button, Checkbox, Group } from '@mantine/core'
import IconHelpHexagon from '@tabler/icons-react/icons/IconHelpHexagon'
import { useState } from 'react'
import { usePage, useSave } from '../../app/api'
import { useWords } from '../../app/words'
import { More, Rows } from '../../ui/DataTable'
import { EmptyState } from '../../ui/EmptyState'
import { Page } from '../../ui/Page'
import { ProblemAlert } from '../../ui/ProblemAlert'
import type { Resolved, ResolveUnanswered, UnansweredGroup } from '../../ui/schema'
import { TimeAgo } from '../../ui/TimeAgo'
import css from '../../ui/ui.module.css'
import { type How, ResolveForm } from './ResolveForm'
import { RESOLVED } from './resolved'

/** The page of the questions that had no good answer: each becomes knowledge, or is dismissed. */
export default function Unanswered() {
  const { t } = useWords()
  const list = usePage<UnansweredGroup>('/v1/ai/unanswered')
  return (
    <Page title={t('unanswered.title')} about={t('unanswered.about')}>
      <Rows list={list}>
        {list.rows.length === 0 && !list.more ? (
          <EmptyState
            icon={IconHelpHexagon}
            title={t('unanswered.none')}
            about={t('unanswered.none_about')}
          />
        ) : (
          list.rows.map((group) => <Questions key={group.questions[0]?.id ?? group.title} group={group} />)
        )}
        <More list={list} />
      </Rows>
    </Page>
  )
}

function Questions({ group }: { group: UnansweredGroup }) {
  const { t } = useWords()
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [how, setHow] = useState<How>()
  const picked = group.questions.filter((question) => !left.has(question.id))
  const dismiss = useSave<Resolved, ResolveUnanswered>(
    (body) => ({ method: 'POST', path: '/v1/ai/unanswered/resolve', body }),
    RESOLVED,
  )
  const toggle = (id: string) => {
    const next = new Set(left)
    if (!next.delete(id)) next.add(id)
    setLeft(next)
  }
  return (
    <article className={css.listItem}>
      <Group justify="space-between" align="flex-start" wrap="nowrap" gap={20}>
        <h2 className={css.sectionTitle}>
          {group.title} <span className={css.hint}>× {group.questions.length}</span>
        </h2>
        <Group gap={6} wrap="nowrap">
          <Button
            size="compact-sm"
            variant="default"
            disabled={picked.length === 0}
            onClick={() => setHow('intent')}
          >
            {t('unanswered.to_intent')}
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            disabled={picked.length === 0}
            onClick={() => setHow('article')}
          >
            {t('unanswered.to_article')}
          </Button>
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            disabled={picked.length === 0}
            loading={dismiss.isPending}
            onClick={() =>
              dismiss.mutate({
                ids: picked.map((question) => question.id),
                dismiss: true,
              } as ResolveUnanswered)
            }
          >
            {t('unanswered.dismiss')}
          </Button>
        </Group>
      </Group>
      <div style={{ display: 'grid', gap: 6, marginTop: 6 }}>
        {group.questions.map((question) => (
          <Asked
            key={question.id}
            question={question}
            alone={group.questions.length === 1}
            picked={!left.has(question.id)}
            onToggle={() => toggle(question.id)}
          />
        ))}
      </div>
      <div style={{ marginTop: dismiss.error ? 8 : 0 }}>
        <ProblemAlert problem={dismiss.error} />
      </div>
      {how && (
        <ResolveForm how={how} title={group.title} questions={picked} onClose={() => setHow(undefined)} />
      )}
    </article>
  )
}

/** A question, when and where it was asked. One alone says no more than its group, and is chosen with it. */
function Asked(props: {
  question: UnansweredGroup['questions'][number]
  alone: boolean
  picked: boolean
  onToggle: () => void
}) {
  const { t } = useWords()
  const { question } = props
  return (
    <div style={{ display: 'flex', gap: 10, alignItems: 'center' }}>
      {!props.alone && (
        <Checkbox size="xs" checked={props.picked} onChange={props.onToggle} label={question.text} />
      )}
      <span className={css.hint}>
        <TimeAgo at={question.at} /> ·{' '}
        <Anchor size="xs" underline="always" href={`#/inbox/all/${question.conversation}`}>
          {t('unanswered.where')}
        </Anchor>
      </span>
    </div>
  )
}
