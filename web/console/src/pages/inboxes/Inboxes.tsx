import { Button } from '@mantine/core'
import IconInbox from '@tabler/icons-react/icons/IconInbox'
import IconPlus from '@tabler/icons-react/icons/IconPlus'
import { useState } from 'react'
import { ALL, usePage } from '../../app/api'
import { useWords } from '../../app/words'
import { type Column, DataTable } from '../../ui/DataTable'
import { duration } from '../../ui/format'
import { Mark } from '../../ui/Mark'
import { Page } from '../../ui/Page'
import type { Inbox } from '../../ui/schema'
import { useTeams } from '../names'
import { InboxForm } from './InboxForm'

/** The page of the inboxes: the channels by which visitors come, and how their widget looks. */
export default function Inboxes() {
  const { t } = useWords()
  const list = usePage<Inbox>('/v1/inboxes', ALL)
  const teams = useTeams()
  const [open, setOpen] = useState<Inbox | 'new'>()
  const columns: Column<Inbox>[] = [
    { key: 'name', title: t('ui.name'), cell: (inbox) => inbox.name },
    {
      key: 'channel',
      title: t('inboxes.channel'),
      cell: (inbox) => channelName(inbox.channel, t),
      quiet: true,
    },
    { key: 'team', title: t('ui.team'), cell: (inbox) => teams.names.get(inbox.team) ?? inbox.team },
    {
      key: 'bot',
      title: t('inboxes.first'),
      cell: (inbox) =>
        inbox.bot ? (
          <Mark tone="busy">{t('inboxes.first_bot')}</Mark>
        ) : (
          <Mark tone="quiet">{t('inboxes.first_people')}</Mark>
        ),
    },
    {
      key: 'hours',
      title: t('inboxes.hours'),
      cell: (inbox) => (inbox.hours ? inbox.hours.time_zone : t('inboxes.always')),
      quiet: true,
    },
    {
      key: 'reopen',
      title: t('inboxes.reopen'),
      cell: (inbox) => duration(inbox.reopen_seconds),
      quiet: true,
    },
  ]
  return (
    <Page
      title={t('inboxes.title')}
      about={t('inboxes.about')}
      actions={
        <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen('new')}>
          {t('inboxes.new')}
        </Button>
      }
    >
      <DataTable
        list={list}
        id={(inbox) => inbox.id}
        columns={columns}
        onOpen={setOpen}
        empty={{ icon: IconInbox, title: t('inboxes.none'), about: t('inboxes.about') }}
      />
      {open && (
        <InboxForm
          key={open === 'new' ? 'new' : open.id}
          {...(open === 'new' ? {} : { inbox: open })}
          onClose={() => setOpen(undefined)}
        />
      )}
    </Page>
  )
}

function channelName(channel: string, t: ReturnType<typeof useWords>['t']): string {
  if (channel === 'web_widget') return t('channel.web_widget')
  if (channel === 'api') return t('channel.api')
  return channel
}
