import { Button, Group } from '@mantine/core'
import IconFlask from '@tabler/icons-react/icons/IconFlask'
import IconPlus from '@tabler/icons-react/icons/IconPlus'
import IconTarget from '@tabler/icons-react/icons/IconTarget'
import { useState } from 'react'
import { ALL, usePage } from '../../app/api'
import { useWords } from '../../app/words'
import { type Column, DataTable } from '../../ui/DataTable'
import { Page } from '../../ui/Page'
import type { Intent } from '../../ui/schema'
import { TimeAgo } from '../../ui/TimeAgo'
import css from '../../ui/ui.module.css'
import { useIsAdmin } from '../names'
import own from './ai.module.css'
import { IntentForm } from './IntentForm'
import { TestSentence } from './TestSentence'

/** The page of what visitors want, and what the AI agent does about it. */
export default function Intents() {
  const { t } = useWords()
  const list = usePage<Intent>('/v1/intents', ALL)
  const admin = useIsAdmin()
  const [open, setOpen] = useState<Intent | 'new'>()
  const [testing, setTesting] = useState(false)
  const columns: Column<Intent>[] = [
    {
      key: 'name',
      title: t('ui.name'),
      cell: (intent) => (
        <span>
          {intent.name}
          {intent.description && (
            <span className={`${css.hint} ${css.clip}`} style={{ fontWeight: 400 }}>
              {intent.description}
            </span>
          )}
        </span>
      ),
    },
    { key: 'action', title: t('intents.action'), cell: (intent) => actionWords(intent, t) },
    {
      key: 'examples',
      title: t('intents.examples'),
      cell: (intent) => (
        <Group gap={8} wrap="nowrap">
          <b>{intent.examples.length}</b>
          <span className={`${css.hint} ${css.clip}`}>
            {intent.examples
              .slice(0, 3)
              .map((example) => `“${example.text}”`)
              .join(' ')}
          </span>
        </Group>
      ),
    },
    {
      key: 'updated',
      title: t('ui.updated'),
      width: 120,
      cell: (intent) => <TimeAgo at={intent.updated} />,
      quiet: true,
    },
  ]
  return (
    <Page
      title={t('intents.title')}
      about={t('intents.about')}
      wide
      actions={
        <>
          <Button
            variant="default"
            leftSection={<IconFlask size={16} />}
            onClick={() => setTesting(!testing)}
          >
            {t('intents.test')}
          </Button>
          {admin && (
            <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen('new')}>
              {t('intents.new')}
            </Button>
          )}
        </>
      }
    >
      <div className={testing ? own.beside : undefined}>
        <DataTable
          list={list}
          id={(intent) => intent.name}
          columns={columns}
          onOpen={setOpen}
          empty={{ icon: IconTarget, title: t('intents.none'), about: t('intents.none_about') }}
        />
        {testing && <TestSentence />}
      </div>
      {open && (
        <IntentForm
          key={open === 'new' ? 'new' : open.name}
          {...(open === 'new' ? {} : { intent: open })}
          readOnly={!admin}
          onClose={() => setOpen(undefined)}
        />
      )}
    </Page>
  )
}

function actionWords(intent: Intent, t: ReturnType<typeof useWords>['t']): string {
  const { action } = intent
  return action.do === 'tool' ? `${t('action.tool')}: ${action.tool}` : t(`action.${action.do}`)
}
