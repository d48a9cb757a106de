import { Group, Progress } from '@mantine/core'
import type { Tone } from '../../ui/Mark'
import type { PresenceStatus } from '../../ui/schema'
import css from '../../ui/ui.module.css'

/** How a presence looks. */
export const PRESENCE_TONE: Record<PresenceStatus, Tone> = { online: 'good', away: 'warn', offline: 'quiet' }

/** Parts of a capacity, in percent, from which on it is nearly, and wholly, used. */
const NEARLY = 80
const WHOLLY = 100

/** How much of what somebody may have they do have. */
export function Load({ load, capacity }: { load: number; capacity: number }) {
  const part = capacity > 0 ? (100 * load) / capacity : 0
  const colour = part >= WHOLLY ? 'red' : part >= NEARLY ? 'yellow' : 'iris'
  return (
    <Group gap={8} wrap="nowrap">
      <Progress value={part} color={colour} size={5} w={56} aria-label={`${load} / ${capacity}`} />
      <span className={css.hint}>
        {load} / {capacity}
      </span>
    </Group>
  )
}
