import type { Contact } from '@deskwire/sdk'
import { ActionIcon, Autocomplete, Select } from '@mantine/core'
import IconSearch from '@tabler/icons-react/icons/IconSearch'
import { type FormEvent, useState } from 'react'
import { useAll } from '../../app/api'
import { useWords } from '../../app/words'
import type { QueryInfo } from '../../ui/schema'
import { QueryPanel } from '../composer/QueryPanel'
import { argumentsOf } from '../composer/suggest'
import css from './ContactPanel.module.css'
import { knownFor, knownValues } from './queryValues'
import { Section } from './Section'

/** Pixels of the list of queries: their descriptions are wider than the field that opens it. */
const LIST_WIDTH = 280

/** What the company's systems can tell: orders and the like, as cards. */
export function Queries({ conversation, contact }: { conversation: string; contact: Contact }) {
  const { t } = useWords()
  const { rows } = useAll<QueryInfo>('/v1/queries')
  const [chosen, setChosen] = useState<string>()
  const [unfolded, setUnfolded] = useState<boolean>()
  const query = rows.find(({ name }) => name === chosen) ?? rows[0]
  if (!query) return null
  const open = unfolded ?? rows.length === 1
  return (
    <Section title={t('query.title')} fold={{ open, onClick: () => setUnfolded(!open) }}>
      {open && (
        <QueryForm
          query={query}
          queries={rows}
          onChoose={setChosen}
          conversation={conversation}
          contact={contact}
        />
      )}
    </Section>
  )
}

interface FormProps {
  query: QueryInfo
  queries: readonly QueryInfo[]
  onChoose: (name: string) => void
  conversation: string
  contact: Contact
}

function QueryForm({ query, queries, onChoose, conversation, contact }: FormProps) {
  const { t } = useWords()
  const args = argumentsOf(query)
  const [typed, setTyped] = useState<Record<string, string>>({})
  const [asked, setAsked] = useState<{ name: string; args: Record<string, string> }>()
  const filledIn = (arg: QueryInfo['args'][number]) => typed[arg.name] ?? knownFor(arg, contact) ?? ''
  const labelOf = ({ name, description }: QueryInfo) => description ?? name
  // Not by a key on the form: the cursor would be lost with the list that it is in.
  const choose = (name: string | null) => {
    if (!name || name === query.name) return
    setTyped({})
    setAsked(undefined)
    onChoose(name)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const filled = args.map((arg) => [arg.name, filledIn(arg)]).filter(([, value]) => value !== '')
    setAsked({ name: query.name, args: Object.fromEntries(filled) })
  }
  return (
    <>
      <form className={css.query} onSubmit={submit}>
        <Select
          size="xs"
          aria-label={t('query.which')}
          title={labelOf(query)}
          data={queries.map((one) => ({ value: one.name, label: labelOf(one) }))}
          value={query.name}
          onChange={choose}
          allowDeselect={false}
          comboboxProps={{ width: LIST_WIDTH, position: 'bottom-start' }}
        />
        {args.map((arg) => (
          <Autocomplete
            key={arg.name}
            size="xs"
            aria-label={`${query.name}: ${arg.name}`}
            placeholder={arg.description ?? arg.name}
            title={arg.description ?? arg.name}
            data={knownValues(arg, contact)}
            value={filledIn(arg)}
            onChange={(value) => setTyped({ ...typed, [arg.name]: value })}
          />
        ))}
        <ActionIcon
          type="submit"
          size={30}
          variant="default"
          disabled={args.some((arg) => !arg.optional && filledIn(arg) === '')}
          aria-label={t('query.ask', { name: query.command ?? query.name })}
          title={t('query.ask', { name: query.command ?? query.name })}
        >
          <IconSearch size={15} stroke={1.8} />
        </ActionIcon>
      </form>
      {asked && (
        <QueryPanel
          key={JSON.stringify(asked)}
          asked={asked}
          conversation={conversation}
          onClose={() => setAsked(undefined)}
        />
      )}
    </>
  )
}
