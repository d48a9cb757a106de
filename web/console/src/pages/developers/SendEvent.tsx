import { Alert, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useSave } from '../../app/api'
import { useWords } from '../../app/words'
import { CodeEditor } from '../../ui/CodeEditor'
import { useDraft } from '../../ui/draft'
import { FormDrawer } from '../../ui/FormDrawer'
import css from '../../ui/ui.module.css'

/** Sends an event by hand, to see what the rules make of it. */
export function SendEvent({ onClose }: { onClose: () => void }) {
  const { t } = useWords()
  const draft = useDraft({
    type: 'shop.order.shipped',
    source: 'https://shop.example',
    subject: '',
    data: '{\n  "number": "A1001",\n  "customer": "cust-1001",\n  "status": "shipped"\n}',
  })
  const { value, set } = draft
  const [mistake, setMistake] = useState<string>()
  const send = useSave<void, Record<string, unknown>>(
    (body) => ({ method: 'POST', path: '/v1/events', body }),
    ['/v1/events'],
  )
  const submit = () => {
    try {
      const data: unknown = JSON.parse(value.data || 'null')
      setMistake(undefined)
      send.mutate(
        {
          specversion: '1.0',
          id: crypto.randomUUID(),
          type: value.type,
          source: value.source,
          time: new Date().toISOString(),
          ...(value.subject && { subject: value.subject }),
          data,
        },
        { onSuccess: onClose },
      )
    } catch (error) {
      setMistake(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <FormDrawer
      title={t('events.send')}
      size={560}
      onClose={onClose}
      onSave={submit}
      saving={send.isPending}
      problem={send.error}
      saveLabel={t('events.send_do')}
    >
      <p className={css.about}>{t('events.send_about')}</p>
      <TextInput
        label={t('events.type')}
        value={value.type}
        onChange={(event) => set({ type: event.currentTarget.value })}
        required
      />
      <TextInput
        label={t('events.source')}
        value={value.source}
        onChange={(event) => set({ source: event.currentTarget.value })}
        required
      />
      <TextInput
        label={t('events.subject')}
        value={value.subject}
        onChange={(event) => set({ subject: event.currentTarget.value })}
      />
      <CodeEditor value={value.data} onChange={(data) => set({ data })} rows={12} label={t('events.data')} />
      {mistake && (
        <Alert color="red" variant="light" role="alert">
          {t('events.not_json')} {mistake}
        </Alert>
      )}
    </FormDrawer>
  )
}
