import { Input, SegmentedControl, Textarea, TextInput } from '@mantine/core'
import { type ReactNode, useId, useState } from 'react'
import { LANGUAGES, type Language, useWords } from '../app/words'

/** A text in each language, as the API has it. */
export type Texts = Partial<Record<string, string>>

const CODES = Object.keys(LANGUAGES) as Language[]

/** Without the languages in which nothing is said; nothing at all where there are none. */
export function filled(texts: Texts | null | undefined): Record<string, string> {
  const kept = Object.entries(texts ?? {}).filter((entry): entry is [string, string] =>
    Boolean(entry[1]?.trim()),
  )
  return Object.fromEntries(kept)
}

/** A text that is written once in each language. A dot marks the languages that have one. */
export function TextsField(props: {
  label: ReactNode
  description?: ReactNode
  placeholder?: string
  value: Texts | null | undefined
  onChange: (value: Record<string, string>) => void
  long?: boolean
  error?: ReactNode
  required?: boolean
}) {
  const { t, language } = useWords()
  const [shown, show] = useState<Language>(language)
  const id = useId()
  const Field = props.long ? Textarea : TextInput
  const value = props.value ?? {}
  return (
    <Input.Wrapper
      id={id}
      label={props.label}
      description={props.description}
      error={props.error}
      required={props.required ?? false}
    >
      <div style={{ display: 'flex', gap: 8, alignItems: 'flex-start', marginTop: 4 }}>
        <Field
          id={id}
          style={{ flex: 1 }}
          value={value[shown] ?? ''}
          placeholder={props.placeholder ?? ''}
          lang={shown}
          {...(props.long ? { autosize: true, minRows: 2, maxRows: 10 } : {})}
          onChange={(event: { currentTarget: { value: string } }) =>
            props.onChange({ ...filled(value), [shown]: event.currentTarget.value })
          }
        />
        <SegmentedControl
          size="xs"
          value={shown}
          onChange={(code) => show(code as Language)}
          data={CODES.map((code) => ({
            value: code,
            label: (
              <span title={t(`ui.language.${code}`)}>
                {code.toUpperCase()}
                {value[code]?.trim() ? ' •' : ''}
              </span>
            ),
          }))}
        />
      </div>
    </Input.Wrapper>
  )
}
