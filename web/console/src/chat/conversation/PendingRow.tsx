import type { Pending } from '@deskwire/sdk'
import { Button, Group } from '@mantine/core'
import IconClock from '@tabler/icons-react/icons/IconClock'
import { useDesk, useMe } from '../../app/api'
import { useWords } from '../../app/words'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { draftOf, keepDraft } from '../composer/drafts'
import { Face } from '../Face'
import { ContentView } from './ContentView'
import css from './Timeline.module.css'

/** Something that is on its way, or was refused: then why, and what can be done. */
export function PendingRow({ pending }: { pending: Pending }) {
  const { t } = useWords()
  const { agent } = useMe()
  if (pending.action !== 'send' && pending.action !== 'note') return <Unspoken pending={pending} />
  return (
    <div
      className={`${css.said} ${pending.status === 'refused' ? '' : css.waiting}`}
      data-first
      data-own
      data-kind={pending.action === 'note' ? 'note' : 'agent'}
    >
      <span className={css.gutter}>
        <Face id={agent.id} name={agent.name} picture={agent.avatar} size={30} />
      </span>
      <div className={css.column}>
        <div className={css.bubble} data-bare={pending.content?.kind === 'card' || undefined}>
          {pending.content ? <ContentView content={pending.content} /> : pending.text}
        </div>
        {pending.status === 'refused' ? (
          <Refused pending={pending} />
        ) : (
          <div className={css.foot}>
            <span>
              <IconClock size={12} stroke={2} /> {t(pending.problem ? 'pending.again' : 'pending.sending')}
            </span>
          </div>
        )}
      </div>
    </div>
  )
}

/** A press of a button or a thumb has no bubble: only its refusal is told. */
function Unspoken({ pending }: { pending: Pending }) {
  return pending.status === 'refused' ? (
    <div className={css.event}>
      <Refused pending={pending} />
    </div>
  ) : null
}

function Refused({ pending }: { pending: Pending }) {
  const { t } = useWords()
  const desk = useDesk()
  const { clientId, conversation, action, content, text } = pending
  const words = text ?? (content?.kind === 'text' ? content.text : undefined)
  const edit = () => {
    if (!conversation || words === undefined) return
    const mode = action === 'note' ? 'note' : 'reply'
    const draft = draftOf(conversation, mode)
    keepDraft(conversation, mode, draft === '' ? words : `${draft}\n${words}`)
    void desk.discard(clientId)
  }
  return (
    <div className={css.refused}>
      <ProblemAlert problem={pending.problem} />
      <Group gap={6} mt={6} justify="flex-end">
        <Button size="compact-xs" variant="light" onClick={() => void desk.retry(clientId)}>
          {t('ui.try_again')}
        </Button>
        {words !== undefined && (
          <Button size="compact-xs" variant="default" onClick={edit}>
            {t('pending.edit')}
          </Button>
        )}
        <Button size="compact-xs" variant="subtle" color="red" onClick={() => void desk.discard(clientId)}>
          {t('pending.discard')}
        </Button>
      </Group>
    </div>
  )
}

/** What the AI agent is writing just now. */
export function StreamingRow({ text }: { text: string }) {
  const { t } = useWords()
  return (
    <div className={css.said} data-first data-own data-kind="bot">
      <span className={css.gutter}>
        <Face id="bot" name={t('author.bot')} size={30} bot />
      </span>
      <div className={css.column}>
        <div className={`${css.bubble} ${css.caret}`}>{text}</div>
      </div>
    </div>
  )
}
