import { ActionIcon, Button, Group, Switch, TextInput, Tooltip } from '@mantine/core'
import IconEyeOff from '@tabler/icons-react/icons/IconEyeOff'
import IconX from '@tabler/icons-react/icons/IconX'
import { type ClipboardEvent, type KeyboardEvent, useState } from 'react'
import { useWords } from '../../app/words'
import { lines } from '../../ui/lines'
import { changed, without } from '../../ui/list'
import type { IntentExample } from '../../ui/schema'
import css from '../../ui/ui.module.css'
import { MarkSlots } from './MarkSlots'

/** What visitors write: one sentence after another; a paste of many lines is as many examples. */
export function Examples({
  value,
  onChange,
}: {
  value: IntentExample[]
  onChange: (examples: IntentExample[]) => void
}) {
  const { t } = useWords()
  const [text, setText] = useState('')
  const [marking, setMarking] = useState(false)
  const add = (texts: readonly string[]) => {
    const known = new Set(value.map((example) => example.text))
    onChange([...texts.filter((one) => !known.has(one)).map((one) => ({ text: one })), ...value])
    setText('')
  }
  return (
    <div>
      <Group justify="space-between">
        <h3 className={css.sectionTitle}>
          {t('intents.examples')} <span className={css.hint}>{value.length}</span>
        </h3>
        <Switch
          size="xs"
          label={t('intents.mark')}
          checked={marking}
          onChange={(event) => setMarking(event.currentTarget.checked)}
        />
      </Group>
      <p className={css.about} style={{ marginBottom: 8 }}>
        {t(marking ? 'intents.mark_hint' : 'intents.examples_hint')}
      </p>
      <Group gap={8} mb={10} wrap="nowrap">
        <TextInput
          style={{ flex: 1 }}
          aria-label={t('intents.add_example')}
          placeholder={t('intents.add_example')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event: KeyboardEvent) => {
            if (event.key !== 'Enter' || event.nativeEvent.isComposing) return
            event.preventDefault()
            add(lines(text))
          }}
          onPaste={(event: ClipboardEvent) => {
            const pasted = lines(event.clipboardData.getData('text'))
            if (pasted.length < 2) return
            event.preventDefault()
            add(pasted)
          }}
        />
        <Button variant="default" disabled={!text.trim()} onClick={() => add(lines(text))}>
          {t('ui.add')}
        </Button>
      </Group>
      <div style={{ display: 'grid', gap: 4 }}>
        {value.map((example, at) => (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: an example is its place; its text is being written
            key={at}
            style={{ display: 'flex', gap: 4, alignItems: 'center', opacity: example.left_out ? 0.55 : 1 }}
          >
            {marking ? (
              <MarkSlots example={example} onChange={(slots) => onChange(changed(value, at, { slots }))} />
            ) : (
              <TextInput
                size="xs"
                style={{ flex: 1 }}
                aria-label={t('intents.example')}
                value={example.text}
                // The marks of values are places in the text: they go where it changes.
                onChange={(event) =>
                  onChange(changed(value, at, { text: event.currentTarget.value, slots: [] }))
                }
              />
            )}
            <Tooltip label={t('intents.leave_out')}>
              <ActionIcon
                aria-label={t('intents.leave_out')}
                aria-pressed={example.left_out ?? false}
                variant={example.left_out ? 'light' : 'subtle'}
                onClick={() => onChange(changed(value, at, { left_out: !example.left_out }))}
              >
                <IconEyeOff size={15} />
              </ActionIcon>
            </Tooltip>
            <ActionIcon aria-label={t('ui.remove')} onClick={() => onChange(without(value, at))}>
              <IconX size={15} />
            </ActionIcon>
          </div>
        ))}
      </div>
    </div>
  )
}
