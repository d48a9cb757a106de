import { UnstyledButton } from '@mantine/core'
import { DateTimePicker } from '@mantine/dates'
import { type FormEvent, useState } from 'react'
import { useWords, type WordKey } from '../../app/words'
import type { DialogProps } from './dialogs'
import css from './dialogs.module.css'
import { FormEnd } from './FormEnd'
import { presets } from './snooze'
import { useAction } from './useAction'

/** Longest snooze in days: the server's limit (`limits.rs`, SNOOZE_SECONDS_MAX). */
const MAX_DAYS = 90

/** Puts a conversation aside until a time, or until the visitor writes. */
export function SnoozeForm({ id, onClose }: DialogProps) {
  const { t, language } = useWords()
  const action = useAction(id)
  const [at, setAt] = useState<string | null>(null)
  const [now] = useState(() => new Date())
  const format = new Intl.DateTimeFormat(language, { weekday: 'short', hour: '2-digit', minute: '2-digit' })
  const snooze = async (until: Date) => {
    if (await action.run({ action: 'snooze', conversation: id, until: until.toISOString() })) onClose()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (at) void snooze(new Date(at))
  }
  return (
    <form className={css.form} onSubmit={submit}>
      <div className={css.presets}>
        {presets(now).map(({ name, until }, place) => (
          <UnstyledButton
            key={name}
            className={css.preset ?? ''}
            data-autofocus={place === 0 || undefined}
            disabled={action.busy}
            onClick={() => void snooze(until)}
          >
            <span>{t(`snooze.${name}` satisfies WordKey)}</span>
            <span>{format.format(until)}</span>
          </UnstyledButton>
        ))}
      </div>
      <DateTimePicker
        label={t('snooze.at')}
        placeholder={t('snooze.choose')}
        // It is no field with a placeholder but a button with words, which must be readable.
        styles={{ placeholder: { color: 'var(--dw-dim)' } }}
        minDate={now}
        maxDate={new Date(now.getTime() + MAX_DAYS * 86_400_000)}
        value={at}
        onChange={setAt}
        clearable
      />
      <FormEnd action={action} label={t('action.snooze')} disabled={!at} onCancel={onClose} />
    </form>
  )
}
