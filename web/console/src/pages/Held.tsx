import { Anchor, Button, Group } from '@mantine/core'
import IconShieldExclamation from '@tabler/icons-react/icons/IconShieldExclamation'
import { usePage, useSave } from '../app/api'
import { useWords } from '../app/words'
import { More, Rows } from '../ui/DataTable'
import { EmptyState } from '../ui/EmptyState'
import { Page } from '../ui/Page'
import { ProblemAlert } from '../ui/ProblemAlert'
import type { Content, HeldMessage } from '../ui/schema'
import { TimeAgo } from '../ui/TimeAgo'
import css from '../ui/ui.module.css'

/** The page of the messages that the content filter stopped, each with its two ways on. */
export default function Held() {
  const { t } = useWords()
  const list = usePage<HeldMessage>('/v1/held')
  return (
    <Page title={t('held.title')} about={t('held.about')}>
      <Rows list={list}>
        {list.rows.length === 0 && !list.more ? (
          <EmptyState icon={IconShieldExclamation} title={t('held.none')} about={t('held.none_about')} />
        ) : (
          list.rows.map((message) => (
            <Message key={`${message.conversation}:${message.entry}`} message={message} />
          ))
        )}
        <More list={list} />
      </Rows>
    </Page>
  )
}

/** A message's words, of whatever kind it is. */
export function said(content: Content): string {
  switch (content.kind) {
    case 'text':
    case 'system':
      return content.text
    case 'card':
      return [content.title, content.text].filter(Boolean).join(' — ')
    default:
      return [content.name, content.text].filter(Boolean).join(' — ')
  }
}

function Message({ message }: { message: HeldMessage }) {
  const { t } = useWords()
  const review = useSave<void, boolean>(
    (release) => ({
      method: 'POST',
      path: `/v1/conversations/${message.conversation}/actions`,
      body: { action: 'review', entry: message.entry, release },
    }),
    ['/v1/held'],
  )
  return (
    <article className={css.listItem}>
      <Group justify="space-between" align="flex-start" wrap="nowrap" gap={20}>
        <div style={{ minWidth: 0 }}>
          <div className={css.hint}>
            {t(`held.from.${message.author.kind}`)} · <TimeAgo at={message.at} /> ·{' '}
            <span className={css.chip}>{message.category}</span>
          </div>
          <p style={{ margin: '6px 0 4px', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {said(message.content)}
          </p>
          <Anchor size="xs" href={`#/inbox/all/${message.conversation}`}>
            {t('held.open')}
          </Anchor>
        </div>
        <Group gap={6} wrap="nowrap">
          <Button size="xs" variant="default" loading={review.isPending} onClick={() => review.mutate(false)}>
            {t('held.never')}
          </Button>
          <Button size="xs" loading={review.isPending} onClick={() => review.mutate(true)}>
            {t('held.release')}
          </Button>
        </Group>
      </Group>
      {review.error && (
        <div style={{ marginTop: 8 }}>
          <ProblemAlert problem={review.error} />
        </div>
      )}
    </article>
  )
}
