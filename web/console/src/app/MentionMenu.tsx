import { Button, Popover, UnstyledButton } from '@mantine/core'
import IconAt from '@tabler/icons-react/icons/IconAt'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useDirectory, useLiveRows } from '../chat/ChatProvider'
import { authorName } from '../chat/names'
import { EmptyState } from '../ui/EmptyState'
import { TimeAgo } from '../ui/TimeAgo'
import css from './MentionMenu.module.css'
import { type KeptMention, useMentions } from './mentions'
import shell from './Shell.module.css'
import { useWords } from './words'

/** Where colleagues have asked for one's attention. */
export function MentionMenu() {
  const { t } = useWords()
  const { list, readAll } = useMentions()
  const [open, setOpen] = useState(false)
  const unread = list.filter(({ read }) => !read).length
  const name = unread > 0 ? t('mentions.unread', { count: unread }) : t('mentions.title')
  return (
    <Popover opened={open} onChange={setOpen} position="right-end" width={360} trapFocus withinPortal>
      <Popover.Target>
        <UnstyledButton
          className={shell.railItem ?? ''}
          aria-label={name}
          title={name}
          onClick={() => setOpen(!open)}
        >
          <IconAt size={20} stroke={1.7} />
          {unread > 0 && <span className={shell.badge}>{unread}</span>}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className={css.menu ?? ''} aria-label={t('mentions.title')}>
        <div className={css.head}>
          <strong>{t('mentions.title')}</strong>
          {unread > 0 && (
            <Button size="compact-xs" variant="subtle" onClick={readAll}>
              {t('mentions.read_all')}
            </Button>
          )}
        </div>
        {list.length === 0 ? (
          <EmptyState title={t('mentions.none')} about={t('mentions.none_about')} />
        ) : (
          <ul className={css.list}>
            {list.map((mention) => (
              <li key={`${mention.conversation}:${mention.seq}`}>
                <MentionLink mention={mention} onOpen={() => setOpen(false)} />
              </li>
            ))}
          </ul>
        )}
      </Popover.Dropdown>
    </Popover>
  )
}

function MentionLink({ mention, onOpen }: { mention: KeptMention; onOpen: () => void }) {
  const { t } = useWords()
  const directory = useDirectory()
  const contact = useLiveRows().rows.get(mention.conversation)?.contact_name
  return (
    <Link
      to="/inbox/$view/$conversation"
      params={{ view: 'mine', conversation: mention.conversation }}
      className={css.mention}
      data-unread={!mention.read || undefined}
      onClick={onOpen}
    >
      <span className={css.line}>
        <span className={css.who}>{authorName(mention.by, directory)}</span>
        <span className={css.dim}>
          {contact && `${contact} · `}
          <TimeAgo at={mention.at} />
        </span>
      </span>
      <span className={css.text}>{mention.text}</span>
      {!mention.read && <span className={css.dot} role="img" aria-label={t('mentions.one_unread')} />}
    </Link>
  )
}
