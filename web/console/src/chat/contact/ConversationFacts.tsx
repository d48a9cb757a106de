import type { State } from '@deskwire/sdk'
import { TagsInput } from '@mantine/core'
import { useWords } from '../../app/words'
import { TimeAgo } from '../../ui/TimeAgo'
import { ActionProblem } from '../actions/ActionProblem'
import { useAction } from '../actions/useAction'
import { useDirectory } from '../ChatProvider'
import { agentName, teamName } from '../names'
import css from './ContactPanel.module.css'
import { Section } from './Section'

/** Labels of one conversation: the server's limit (`limits.rs`, LABELS). */
const MAX_LABELS = 20

/** The conversation itself: labels, team, priority, when it began. */
export function ConversationFacts({
  id,
  state,
  created,
}: {
  id: string
  state: State
  created: string | undefined
}) {
  const { t } = useWords()
  const directory = useDirectory()
  const action = useAction(id)
  const labels = [...(state.labels ?? [])]
  const change = (next: string[]) => {
    const add = next.filter((label) => !labels.includes(label))
    const remove = labels.filter((label) => !next.includes(label))
    void action.run({ action: 'label', conversation: id, add, remove })
  }
  const skills = state.skills ?? []
  return (
    <Section title={t('conversation.title')}>
      <dl className={css.facts}>
        <Fact name={t('inbox.assignee')}>
          {state.status === 'queued' || state.status === 'bot'
            ? t(`status.${state.status}`)
            : agentName(state.assignee, directory)}
        </Fact>
        <Fact name={t('ui.team')}>{teamName(state.team, directory)}</Fact>
        <Fact name={t('conversation.inbox')}>{directory.inboxes.get(state.inbox)?.name ?? state.inbox}</Fact>
        {state.priority > 0 && <Fact name={t('contact.priority')}>{state.priority}</Fact>}
        {skills.length > 0 && <Fact name={t('ui.skills')}>{skills.join(', ')}</Fact>}
        {created && (
          <Fact name={t('conversation.began')}>
            <TimeAgo at={created} />
          </Fact>
        )}
      </dl>
      <TagsInput
        mt="xs"
        size="xs"
        aria-label={t('inbox.label')}
        placeholder={labels.length === 0 ? t('label.add') : ''}
        data={[...directory.labels.keys()]}
        value={labels}
        onChange={change}
        disabled={action.busy}
        maxTags={MAX_LABELS}
      />
      <ActionProblem action={action} />
    </Section>
  )
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className={css.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
