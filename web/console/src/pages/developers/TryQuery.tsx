import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { useSave } from '../../app/api'
import { useWords } from '../../app/words'
import { CardView } from '../../chat/conversation/CardView'
import { FormDrawer } from '../../ui/FormDrawer'
import { duration } from '../../ui/format'
import { Mark } from '../../ui/Mark'
import type { Contact, QueryAnswer, QueryArg, QueryInfo } from '../../ui/schema'
import css from '../../ui/ui.module.css'
import { ContactSelect } from '../contacts/ContactSelect'

interface Asked {
  args: Record<string, string>
  contact?: string
}

/** Asks a query, and shows what came of it: the values that were read, the card, and from where. */
export function TryQuery({ query, onClose }: { query: QueryInfo; onClose: () => void }) {
  const { t } = useWords()
  const [args, setArgs] = useState<Record<string, string>>({})
  const [contact, setContact] = useState<Contact>()
  const ask = useSave<QueryAnswer, Asked>(
    (body) => ({ method: 'POST', path: `/v1/queries/${encodeURIComponent(query.name)}`, body }),
    ['/v1/queries'],
  )
  const fromContact = query.args.filter((arg) => arg.from)
  const submit = () => {
    const given = Object.fromEntries(Object.entries(args).filter(([, value]) => value !== ''))
    ask.mutate({ args: given, ...(contact && { contact: contact.id }) })
  }
  return (
    <FormDrawer
      title={query.name}
      onClose={onClose}
      onSave={submit}
      saving={ask.isPending}
      problem={ask.error}
      saveLabel={t('queries.ask')}
      size={520}
    >
      {query.description && <p className={css.about}>{query.description}</p>}
      {query.args
        .filter((arg) => !arg.from)
        .map((arg, at) => (
          <Argument
            key={arg.name}
            arg={arg}
            value={args[arg.name] ?? ''}
            onChange={(value) => setArgs({ ...args, [arg.name]: value })}
            first={at === 0}
          />
        ))}
      {fromContact.length > 0 && (
        <ContactSelect
          label={t('queries.contact')}
          description={t('queries.contact_hint', { args: fromContact.map((arg) => arg.name).join(', ') })}
          value={contact}
          onChange={setContact}
        />
      )}
      {ask.data && <Answer answer={ask.data} />}
    </FormDrawer>
  )
}

function Argument(props: {
  arg: QueryArg
  value: string
  onChange: (value: string) => void
  first: boolean
}) {
  const { t } = useWords()
  const { arg } = props
  return (
    <TextInput
      label={arg.name}
      description={[arg.description, arg.pattern && t('queries.pattern', { pattern: arg.pattern })]
        .filter(Boolean)
        .join(' · ')}
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
      required={!arg.optional}
      data-autofocus={props.first || undefined}
    />
  )
}

function Answer({ answer }: { answer: QueryAnswer }) {
  const { t } = useWords()
  return (
    <div style={{ display: 'grid', gap: 12 }}>
      <Mark tone={answer.stale ? 'warn' : 'good'}>
        {t(`queries.from.${answer.cache}`)}
        {answer.age_seconds > 0 && ` · ${t('queries.age', { age: duration(answer.age_seconds) })}`}
        {answer.stale && ` · ${t('queries.is_stale')}`}
      </Mark>
      <div className={css.card}>
        <table className={css.table}>
          <tbody>
            {Object.entries(answer.slots).map(([name, value]) => (
              <tr key={name}>
                <td className={css.mono}>{name}</td>
                <td>{typeof value === 'string' ? value : JSON.stringify(value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {answer.card && <CardView card={answer.card} />}
    </div>
  )
}
