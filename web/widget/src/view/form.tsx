import { Problem } from '@deskwire/sdk'
import { useRef, useState } from 'preact/hooks'
import { LONG_CHARS } from '../limits'
import type { FormField } from '../model/config'
import { fieldError } from '../model/contact'
import { explain } from '../model/words'
import { ownText } from '../texts'
import { useChat } from './context'

/** The visitor's own words, in the form for when nobody is there. */
const MESSAGE = 'message'

/** The keyboard that a phone shows, and what browsers fill in by themselves. */
const KEYBOARDS: Record<string, 'email' | 'tel'> = { email: 'email', phone: 'tel' }

/** A form that an inbox asks for: before the first conversation, or with a message while nobody is there. */
export function IntroForm({ fields, withMessage }: { fields: readonly FormField[]; withMessage: boolean }) {
  const chat = useChat()
  const texts = chat.texts.value
  const form = useRef<HTMLFormElement>(null)
  const [values, setValues] = useState<Record<string, string>>({})
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [problem, setProblem] = useState<Problem>()
  const [busy, setBusy] = useState(false)
  const message: FormField = { key: MESSAGE, label: {}, kind: 'long', required: true }
  const all = withMessage ? [...fields.filter((field) => field.key !== MESSAGE), message] : fields
  const labelOf = (field: FormField): string =>
    ownText(field.label, chat.locale.value) ?? (field.key === MESSAGE ? texts.yourMessage : field.key)

  const check = (): boolean => {
    const found = all.flatMap((field) => {
      const error = fieldError(field, values[field.key] ?? '', texts)
      return error ? [[field.key, error] as const] : []
    })
    setErrors(Object.fromEntries(found))
    const first = found[0]?.[0]
    if (first) form.current?.querySelector<HTMLElement>(`[name="${CSS.escape(first)}"]`)?.focus()
    return found.length === 0
  }
  const attempt = async (telling: boolean): Promise<void> => {
    if (busy || !check()) return
    const { [MESSAGE]: said, ...told } = values
    setBusy(true)
    setProblem(undefined)
    try {
      await chat.introduce(telling ? told : {}, said)
    } catch (error) {
      setProblem(Problem.of(error))
      setBusy(false)
    }
  }
  return (
    <form
      ref={form}
      class="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void attempt(true)
      }}
    >
      {all.map((field) => (
        <Field
          key={field.key}
          field={field}
          label={labelOf(field)}
          value={values[field.key] ?? ''}
          error={errors[field.key]}
          change={(value) => setValues({ ...values, [field.key]: value })}
        />
      ))}
      {problem && (
        <div class="error" role="alert">
          {explain(problem, texts)}
          {problem.code !== 'network' && (
            <button type="button" class="link" onClick={() => void attempt(false)}>
              {texts.continueWithout}
            </button>
          )}
        </div>
      )}
      <button type="submit" class="main" disabled={busy} aria-busy={busy}>
        {withMessage ? texts.sendMessage : texts.startChat}
      </button>
    </form>
  )
}

function Field(props: {
  field: FormField
  label: string
  value: string
  error: string | undefined
  change: (value: string) => void
}) {
  const { field, label, value, error, change } = props
  const { texts } = useChat()
  const id = `dw-${field.key}`
  const common = {
    id,
    name: field.key,
    value,
    'aria-invalid': error !== undefined,
    'aria-describedby': error ? `${id}-error` : undefined,
    'aria-required': field.required,
    onInput: (event: { currentTarget: { value: string } }) => change(event.currentTarget.value),
  }
  return (
    <div class="field">
      <label for={id}>
        {label} {!field.required && <em>({texts.value.optional})</em>}
      </label>
      {field.kind === 'long' && <textarea {...common} maxLength={LONG_CHARS} dir="auto" />}
      {field.kind === 'choice' && (
        <select {...common}>
          <option value="">{texts.value.choose}</option>
          {field.choices?.map((choice) => (
            <option key={choice} value={choice}>
              {choice}
            </option>
          ))}
        </select>
      )}
      {field.kind !== 'long' && field.kind !== 'choice' && (
        <input
          {...common}
          inputMode={KEYBOARDS[field.kind ?? 'text']}
          autocomplete={KEYBOARDS[field.key] ?? field.key}
        />
      )}
      {error && (
        <p class="error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  )
}
