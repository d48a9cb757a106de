import type { Contact } from '@deskwire/sdk'
import { Autocomplete, Button } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { usePage } from '../../app/api'
import type { QueryInfo } from '../../app/schema'
import { useWords } from '../../app/words'
import { QueryPanel } from '../composer/QueryPanel'
import { argumentsOf } from '../composer/suggest'
import { shownValue } from './attributes'
import css from './ContactPanel.module.css'
import { Section } from './Section'

/** Queries that the panel shows; the rest is in the field, after `/`. */
const SHOWN = 8

/** What the company's systems can tell: orders and the like, as cards. */
export function Queries({ conversation, contact }: { conversation: string; contact: Contact }) {
  const { t } = useWords()
  const list = usePage<QueryInfo>('/v1/queries', { limit: SHOWN })
  if (list.rows.length === 0) return null
  return (
    <Section title={t('query.title')}>
      <div className={css.form}>
        {list.rows.slice(0, SHOWN).map((query) => (
          <QueryForm key={query.name} query={query} conversation={conversation} contact={contact} />
        ))}
      </div>
    </Section>
  )
}

/** Whatever stands in the contact's attributes may be what the query is about: an order's number, say. */
function knownValues(contact: Contact): string[] {
  const values = Object.values(contact.attributes ?? {}).flatMap((value) =>
    Array.isArray(value) ? value : [value],
  )
  const texts = values.filter((value) => typeof value !== 'object').map(shownValue)
  return [...new Set(texts)]
}

function QueryForm({
  query,
  conversation,
  contact,
}: {
  query: QueryInfo
  conversation: string
  contact: Contact
}) {
  const { t } = useWords()
  const names = argumentsOf(query)
  const [values, setValues] = useState<Record<string, string>>({})
  const [asked, setAsked] = useState<{ name: string; args: Record<string, string> }>()
  const known = knownValues(contact).filter((value) => fitsAny(names, value))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const filled = Object.entries(values).filter(([, value]) => value !== '')
    setAsked({ name: query.name, args: Object.fromEntries(filled) })
  }
  const missing = names.some((arg) => !arg.optional && !values[arg.name])
  return (
    <form onSubmit={submit}>
      <div className={css.form}>
        {names.map((arg) => (
          <Autocomplete
            key={arg.name}
            size="xs"
            aria-label={`${query.name}: ${arg.name}`}
            placeholder={arg.description ?? arg.name}
            data={known}
            value={values[arg.name] ?? ''}
            onChange={(value) => setValues({ ...values, [arg.name]: value })}
          />
        ))}
        <Button
          size="compact-sm"
          variant="default"
          type="submit"
          disabled={missing}
          title={query.description ?? ''}
        >
          {t('query.ask', { name: query.command ?? query.name })}
        </Button>
      </div>
      {asked && (
        <QueryPanel
          key={JSON.stringify(asked)}
          asked={asked}
          conversation={conversation}
          onClose={() => setAsked(undefined)}
        />
      )}
    </form>
  )
}

function fitsAny(args: QueryInfo['args'], value: string): boolean {
  return args.some(({ pattern }) => {
    if (!pattern) return true
    try {
      return new RegExp(`^(?:${pattern})$`, 'u').test(value)
    } catch {
      // Another dialect of regular expressions: the server will say.
      return true
    }
  })
}
