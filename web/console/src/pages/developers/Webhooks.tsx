import { Button } from '@mantine/core'
import IconPlus from '@tabler/icons-react/icons/IconPlus'
import IconWebhook from '@tabler/icons-react/icons/IconWebhook'
import { useState } from 'react'
import { usePage } from '../../app/api'
import { useWords } from '../../app/words'
import { type Column, DataTable } from '../../ui/DataTable'
import { Chips } from '../../ui/Mark'
import { Page } from '../../ui/Page'
import { SecretOnce } from '../../ui/Secret'
import type { Endpoint } from '../../ui/schema'
import { TimeAgo } from '../../ui/TimeAgo'
import css from '../../ui/ui.module.css'
import { EndpointDrawer } from './EndpointDrawer'
import { EndpointState } from './EndpointState'
import { NewEndpointForm } from './NewEndpointForm'

/** The page of the webhook endpoints. */
export default function Webhooks() {
  const { t } = useWords()
  const list = usePage<Endpoint>('/v1/webhooks')
  const [open, setOpen] = useState<string>()
  const [secret, setSecret] = useState<string>()
  const shown = list.rows.find((endpoint) => endpoint.id === open)
  const columns: Column<Endpoint>[] = [
    {
      key: 'url',
      title: t('webhooks.url'),
      cell: (endpoint) => (
        <span>
          <span style={{ wordBreak: 'break-all' }}>{endpoint.url}</span>
          {endpoint.description && (
            <span className={css.hint} style={{ display: 'block', fontWeight: 400 }}>
              {endpoint.description}
            </span>
          )}
        </span>
      ),
    },
    { key: 'status', title: t('ui.status'), cell: (endpoint) => <EndpointState endpoint={endpoint} /> },
    {
      key: 'events',
      title: t('webhooks.events'),
      cell: (endpoint) => <Chips words={endpoint.events} max={3} />,
    },
    {
      key: 'created',
      title: t('ui.created'),
      cell: (endpoint) => <TimeAgo at={endpoint.created} />,
      quiet: true,
    },
  ]
  return (
    <Page
      title={t('webhooks.title')}
      about={t('webhooks.about')}
      actions={
        <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen('new')}>
          {t('webhooks.new')}
        </Button>
      }
    >
      <DataTable
        list={list}
        id={(endpoint) => endpoint.id}
        columns={columns}
        onOpen={(endpoint) => setOpen(endpoint.id)}
        empty={{ icon: IconWebhook, title: t('webhooks.none'), about: t('webhooks.none_about') }}
      />
      {open === 'new' && (
        <NewEndpointForm
          onClose={() => setOpen(undefined)}
          onMade={(made) => {
            setOpen(undefined)
            setSecret(made.secret)
          }}
        />
      )}
      {shown && (
        <EndpointDrawer
          key={shown.id}
          endpoint={shown}
          onClose={() => setOpen(undefined)}
          onSecret={setSecret}
        />
      )}
      <SecretOnce secret={secret} about={t('webhooks.secret_about')} onDone={() => setSecret(undefined)} />
    </Page>
  )
}
