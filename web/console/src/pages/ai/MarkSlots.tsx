import { ActionIcon, Autocomplete, Group } from '@mantine/core'
import IconX from '@tabler/icons-react/icons/IconX'
import { useRef, useState } from 'react'
import { useWords } from '../../app/words'
import type { ExampleSlot, IntentExample } from '../../ui/schema'
import css from '../../ui/ui.module.css'
import own from './ai.module.css'

/** Names of values that the engine finds by itself, to be offered first. */
const KNOWN = ['order_number', 'product', 'date', 'time', 'amount', 'email', 'phone', 'address']

/** The place of a text's part in characters: the browser counts UTF-16 units, the API counts characters. */
function characters(text: string): number {
  return [...text].length
}

/** The text is not to be changed here. */
function ignored() {}

/** Marks the values in an example: select a part of the text, and name it. */
export function MarkSlots({
  example,
  onChange,
}: {
  example: IntentExample
  onChange: (slots: ExampleSlot[]) => void
}) {
  const { t } = useWords()
  const field = useRef<HTMLInputElement>(null)
  const [part, setPart] = useState<{ start: number; end: number }>()
  const slots = example.slots ?? []
  const letters = [...example.text]
  const selected = () => {
    const { selectionStart: from, selectionEnd: to } = field.current ?? {}
    if (from === null || to === null || from === undefined || to === undefined || from === to)
      return setPart(undefined)
    setPart({ start: characters(example.text.slice(0, from)), end: characters(example.text.slice(0, to)) })
  }
  const name = (slot: string) => {
    if (!part || !slot.trim()) return
    const rest = slots.filter((one) => one.end <= part.start || one.start >= part.end)
    onChange([...rest, { name: slot.trim(), ...part }].sort((one, other) => one.start - other.start))
    setPart(undefined)
  }
  return (
    <div style={{ flex: 1, minWidth: 0 }}>
      <input
        ref={field}
        className={own.marking}
        value={example.text}
        // Not `readOnly`: the keyboard selects in a field that can be written only. What is written is not taken.
        onChange={ignored}
        aria-readonly
        onSelect={selected}
        aria-label={t('intents.example')}
      />
      <Group gap={6} mt={slots.length || part ? 4 : 0}>
        {slots.map((slot) => (
          <span key={slot.start} className={css.chip}>
            <b>{slot.name}</b>&nbsp;{letters.slice(slot.start, slot.end).join('')}
            <ActionIcon
              size={16}
              aria-label={t('ui.remove')}
              onClick={() => onChange(slots.filter((one) => one !== slot))}
            >
              <IconX size={11} />
            </ActionIcon>
          </span>
        ))}
        {part && (
          <Autocomplete
            size="xs"
            w={220}
            placeholder={t('intents.name_value', { value: letters.slice(part.start, part.end).join('') })}
            aria-label={t('intents.name_value', { value: letters.slice(part.start, part.end).join('') })}
            data={KNOWN}
            onOptionSubmit={name}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return
              event.preventDefault()
              name(event.currentTarget.value)
            }}
          />
        )}
      </Group>
    </div>
  )
}
