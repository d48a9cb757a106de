import { Button, Group } from '@mantine/core'
import IconPlus from '@tabler/icons-react/icons/IconPlus'
import IconUsers from '@tabler/icons-react/icons/IconUsers'
import { useState } from 'react'
import { ALL, usePage } from '../../app/api'
import { useWords } from '../../app/words'
import { Face } from '../../chat/Face'
import { type Column, DataTable } from '../../ui/DataTable'
import { Chips, Mark } from '../../ui/Mark'
import { Page } from '../../ui/Page'
import type { Agent } from '../../ui/schema'
import css from '../../ui/ui.module.css'
import { useIsAdmin, useTeams } from '../names'
import { AgentForm } from './AgentForm'
import { Load, PRESENCE_TONE } from './Load'

/** The page of the agents: who they are, what they may do, and how much they have. */
export default function Agents() {
  const { t } = useWords()
  const list = usePage<Agent>('/v1/agents', ALL)
  const teams = useTeams()
  const admin = useIsAdmin()
  const [open, setOpen] = useState<Agent | 'new'>()
  const columns: Column<Agent>[] = [
    {
      key: 'name',
      title: t('ui.name'),
      cell: (agent) => (
        <Group gap={10} wrap="nowrap">
          <Face id={agent.id} name={agent.name} picture={agent.avatar} size={28} />
          <span>
            {agent.name}
            {agent.email && (
              <span className={css.hint} style={{ display: 'block', fontWeight: 400 }}>
                {agent.email}
              </span>
            )}
          </span>
        </Group>
      ),
    },
    {
      key: 'status',
      title: t('ui.status'),
      cell: (agent) =>
        agent.disabled ? (
          <Mark tone="bad">{t('agents.disabled')}</Mark>
        ) : (
          <Mark tone={PRESENCE_TONE[agent.status]}>{t(`presence.${agent.status}`)}</Mark>
        ),
    },
    { key: 'role', title: t('agents.role'), cell: (agent) => t(`role.${agent.role}`) },
    {
      key: 'teams',
      title: t('ui.teams'),
      cell: (agent) => <Chips words={agent.teams?.map((team) => teams.names.get(team) ?? team)} />,
    },
    { key: 'skills', title: t('ui.skills'), cell: (agent) => <Chips words={agent.skills} /> },
    {
      key: 'load',
      title: t('agents.load'),
      width: 150,
      cell: (agent) => <Load load={agent.load} capacity={agent.capacity} />,
    },
  ]
  return (
    <Page
      title={t('agents.title')}
      about={t('agents.about')}
      actions={
        admin && (
          <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen('new')}>
            {t('agents.new')}
          </Button>
        )
      }
    >
      <DataTable
        list={list}
        id={(agent) => agent.id}
        columns={columns}
        onOpen={setOpen}
        empty={{ icon: IconUsers, title: t('agents.none'), about: t('agents.none_about') }}
      />
      {open && (
        <AgentForm
          key={open === 'new' ? 'new' : open.id}
          {...(open === 'new' ? {} : { agent: open })}
          readOnly={!admin}
          onClose={() => setOpen(undefined)}
        />
      )}
    </Page>
  )
}
