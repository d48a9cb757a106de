import { Select, type SelectProps } from '@mantine/core'
import { useMemo } from 'react'
import { useWords } from '../../app/words'
import { useDirectory } from '../ChatProvider'
import { Face } from '../Face'
import css from './dialogs.module.css'

interface Props {
  label: string
  /** Also teams, for whoever offers a conversation. */
  withTeams?: boolean
  /** Who is left out. */
  except?: string | undefined
  value: string | null
  onChange: (id: string | null) => void
}

/** Agents, those who are there first, and teams. */
export function PeopleSelect({ label, withTeams, except, value, onChange }: Props) {
  const { t } = useWords()
  const { agents, teams } = useDirectory()
  const data = useMemo(() => {
    const order = { online: 0, away: 1, offline: 2 }
    const people = [...agents.values()]
      .filter((agent) => !agent.disabled && agent.id !== except)
      .sort((a, b) => order[a.status] - order[b.status] || a.name.localeCompare(b.name))
      .map((agent) => ({ value: agent.id, label: agent.name }))
    const groups = [...teams.values()].map((team) => ({ value: team.id, label: team.name }))
    return withTeams
      ? [
          { group: t('people.agents'), items: people },
          { group: t('ui.teams'), items: groups },
        ]
      : people
  }, [agents, teams, withTeams, except, t])
  const renderOption: SelectProps['renderOption'] = ({ option }) => {
    const agent = agents.get(option.value)
    return (
      <span className={css.person}>
        <Face
          id={option.value}
          name={option.label}
          picture={agent?.avatar}
          size={24}
          status={agent?.status}
        />
        <span className={css.personName}>{option.label}</span>
        {agent && (
          <span className={css.load}>
            {t(`presence.${agent.status}`)} · {agent.load}/{agent.capacity}
          </span>
        )}
      </span>
    )
  }
  return (
    <Select
      data-autofocus
      searchable
      label={label}
      placeholder={t('people.choose')}
      nothingFoundMessage={t('ui.nothing_found')}
      data={data}
      value={value}
      onChange={onChange}
      renderOption={renderOption}
      maxDropdownHeight={280}
    />
  )
}
