import { Button } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import { useWords } from '../../app/words'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { ShortAge } from '../ShortAge'
import css from './ContactPanel.module.css'
import { Section } from './Section'
import { useConversationsOf } from './useConversationsOf'

/** Rows of a page here: as many as a glance takes. */
const PAGE_ROWS = 10

/** The contact's other conversations, the newest first. */
export function Earlier({ contact, except }: { contact: string; except: string }) {
  const { t } = useWords()
  const { view = 'all' } = useParams({ strict: false })
  const list = useConversationsOf(contact, PAGE_ROWS)
  const rows = list.rows.filter((row) => row.conversation !== except)
  return (
    <Section title={t('contact.earlier')}>
      <ProblemAlert problem={list.problem} onRetry={list.reload} />
      {rows.length === 0 && !list.loading && !list.problem && (
        <p className={css.quiet}>{t('contact.no_earlier')}</p>
      )}
      <div className={css.earlier}>
        {rows.map((row) => (
          <Link
            key={row.conversation}
            to="/inbox/$view/$conversation"
            params={{ view, conversation: row.conversation }}
            search={true}
            className={css.past}
          >
            <div className={css.pastText}>{row.preview ?? t('inbox.nothing_said')}</div>
            <div className={css.pastLine}>
              <span>{t(`status.${row.state.status}`)}</span>
              <ShortAge at={row.updated} />
            </div>
          </Link>
        ))}
      </div>
      {list.more && (
        <Button
          className={css.more ?? ''}
          size="compact-xs"
          variant="subtle"
          loading={list.loadingMore}
          onClick={list.loadMore}
        >
          {t('inbox.load_more')}
        </Button>
      )}
    </Section>
  )
}
