import { Button, Select, Switch, TextInput } from '@mantine/core'
import IconPlus from '@tabler/icons-react/icons/IconPlus'
import IconUsersGroup from '@tabler/icons-react/icons/IconUsersGroup'
import { useState } from 'react'
import { ALL, usePage, useSave } from '../../app/api'
import { useWords } from '../../app/words'
import { type Column, DataTable } from '../../ui/DataTable'
import { useDraft } from '../../ui/draft'
import { FormDrawer } from '../../ui/FormDrawer'
import { Chips } from '../../ui/Mark'
import { Ordered } from '../../ui/Ordered'
import { Page } from '../../ui/Page'
import { fieldProblem } from '../../ui/problem'
import type { RoutingRule, Team, TeamChange } from '../../ui/schema'
import css from '../../ui/ui.module.css'
import { useAgents, useIsAdmin } from '../names'

const RULES: readonly RoutingRule[] = ['skills', 'sticky', 'least_loaded', 'round_robin']

/** The page of the teams: who is in them, and how conversations find an agent. */
export default function Teams() {
  const { t } = useWords()
  const list = usePage<Team>('/v1/teams', ALL)
  const agents = useAgents()
  const admin = useIsAdmin()
  const [open, setOpen] = useState<Team | 'new'>()
  const columns: Column<Team>[] = [
    { key: 'name', title: t('ui.name'), cell: (team) => team.name },
    {
      key: 'agents',
      title: t('teams.agents'),
      cell: (team) => <Chips words={team.agents.map((agent) => agents.names.get(agent) ?? agent)} max={5} />,
    },
    {
      key: 'assign',
      title: t('teams.assign'),
      cell: (team) => (team.auto_assign ? t('teams.auto') : t('teams.manual')),
      quiet: true,
    },
    {
      key: 'routing',
      title: t('teams.routing'),
      cell: (team) => team.routing.map((rule) => t(`routing.${rule}`)).join(' → ') || t('ui.none'),
      quiet: true,
    },
  ]
  return (
    <Page
      title={t('teams.title')}
      about={t('teams.about')}
      actions={
        admin && (
          <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen('new')}>
            {t('teams.new')}
          </Button>
        )
      }
    >
      <DataTable
        list={list}
        id={(team) => team.id}
        columns={columns}
        onOpen={setOpen}
        empty={{ icon: IconUsersGroup, title: t('teams.none'), about: t('teams.about') }}
      />
      {open && (
        <TeamForm
          key={open === 'new' ? 'new' : open.id}
          {...(open === 'new' ? {} : { team: open })}
          readOnly={!admin}
          onClose={() => setOpen(undefined)}
        />
      )}
    </Page>
  )
}

function TeamForm({ team, readOnly, onClose }: { team?: Team; readOnly: boolean; onClose: () => void }) {
  const { t } = useWords()
  const draft = useDraft({
    name: team?.name ?? '',
    auto_assign: team?.auto_assign ?? true,
    routing: team?.routing ?? [...RULES],
  })
  const save = useSave<Team, TeamChange>(
    (body) => ({ method: team ? 'PATCH' : 'POST', path: team ? `/v1/teams/${team.id}` : '/v1/teams', body }),
    ['/v1/teams'],
  )
  const { value, set } = draft
  const unused = RULES.filter((rule) => !value.routing.includes(rule))
  return (
    <FormDrawer
      title={team?.name ?? t('teams.new')}
      onClose={onClose}
      {...(readOnly ? {} : { onSave: () => save.mutate(value, { onSuccess: onClose }) })}
      readOnly={readOnly}
      dirty={draft.dirty}
      saving={save.isPending}
      problem={save.error}
    >
      <TextInput
        label={t('ui.name')}
        value={value.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
        error={fieldProblem(save.error, 'name')}
        required
        data-autofocus={!team || undefined}
      />
      <Switch
        label={t('teams.auto_assign')}
        description={t('teams.auto_assign_hint')}
        checked={value.auto_assign}
        onChange={(event) => set({ auto_assign: event.currentTarget.checked })}
      />
      <div>
        <h3 className={css.sectionTitle}>{t('teams.routing')}</h3>
        <p className={css.about} style={{ marginBottom: 10 }}>
          {t('teams.routing_hint')}
        </p>
        <Ordered
          items={value.routing}
          onChange={(routing) => set({ routing })}
          removable
          render={(rule) => (
            <span>
              <span style={{ fontSize: 13, fontWeight: 550 }}>{t(`routing.${rule}`)}</span>
              <span className={css.hint} style={{ display: 'block' }}>
                {t(`routing.${rule}.about`)}
              </span>
            </span>
          )}
        />
        {unused.length > 0 && (
          <Select
            mt={8}
            placeholder={t('teams.add_rule')}
            aria-label={t('teams.add_rule')}
            data={unused.map((rule) => ({ value: rule, label: t(`routing.${rule}`) }))}
            value={null}
            onChange={(rule) => rule && set({ routing: [...value.routing, rule as RoutingRule] })}
          />
        )}
      </div>
    </FormDrawer>
  )
}
