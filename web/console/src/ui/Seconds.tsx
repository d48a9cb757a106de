import { Group, Input, NumberInput, Select } from '@mantine/core'
import { type ReactNode, useId, useState } from 'react'
import { useWords } from '../app/words'

/** Units of a span of time, in seconds. */
const UNITS = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 } as const

type Unit = keyof typeof UNITS

const NAMES = Object.keys(UNITS) as Unit[]

function bestUnit(seconds: number, units: readonly Unit[]): Unit {
  const fitting = units.filter((unit) => seconds >= UNITS[unit] && seconds % UNITS[unit] === 0)
  return fitting.at(-1) ?? units[0] ?? 'seconds'
}

/** A span of time: a number and its unit. The API counts in seconds. */
export function Seconds(props: {
  label: ReactNode
  description?: ReactNode
  value: number
  onChange: (seconds: number) => void
  error?: ReactNode
  units?: readonly Unit[]
}) {
  const { t } = useWords()
  const id = useId()
  const units = props.units ?? NAMES
  const [unit, setUnit] = useState(() => bestUnit(props.value, units))
  return (
    <Input.Wrapper id={id} label={props.label} description={props.description} error={props.error}>
      <Group gap={8} mt={4} wrap="nowrap">
        <NumberInput
          id={id}
          w={110}
          min={0}
          value={props.value / UNITS[unit]}
          decimalScale={2}
          onChange={(amount) => props.onChange(Math.round((Number(amount) || 0) * UNITS[unit]))}
        />
        <Select
          w={120}
          aria-label={t('ui.unit')}
          data={units.map((name) => ({ value: name, label: t(`ui.${name}`) }))}
          value={unit}
          allowDeselect={false}
          onChange={(name) => {
            if (!name) return
            const next = name as Unit
            props.onChange(Math.round((props.value / UNITS[unit]) * UNITS[next]))
            setUnit(next)
          }}
        />
      </Group>
    </Input.Wrapper>
  )
}
