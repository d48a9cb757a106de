import { ActionIcon } from '@mantine/core'
import IconArrowDown from '@tabler/icons-react/icons/IconArrowDown'
import IconArrowUp from '@tabler/icons-react/icons/IconArrowUp'
import IconGripVertical from '@tabler/icons-react/icons/IconGripVertical'
import IconX from '@tabler/icons-react/icons/IconX'
import { type DragEvent, type ReactNode, useState } from 'react'
import { useWords } from '../app/words'
import { moved } from './list'
import own from './Ordered.module.css'

/** A list whose order counts: rows are dragged, or moved by buttons with the keyboard. */
export function Ordered<T>(props: {
  items: readonly T[]
  onChange: (items: T[]) => void
  render: (item: T, at: number) => ReactNode
  /** Rows may be taken away. */
  removable?: boolean
}) {
  const { items, onChange } = props
  const [from, setFrom] = useState<number>()
  const [over, setOver] = useState<number>()
  const end = () => {
    setFrom(undefined)
    setOver(undefined)
  }
  return (
    <ol className={own.ordered}>
      {items.map((item, at) => (
        <li
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place; two rows may be the same
          key={at}
          className={own.orderedItem}
          data-over={over === at && from !== at ? true : undefined}
          onDragOver={(event: DragEvent) => {
            if (from === undefined) return
            event.preventDefault()
            setOver(at)
          }}
          onDrop={(event: DragEvent) => {
            event.preventDefault()
            if (from !== undefined) onChange(moved(items, from, at))
            end()
          }}
        >
          <Grip onStart={() => setFrom(at)} onEnd={end} />
          <div style={{ flex: 1, minWidth: 0, alignSelf: 'center' }}>{props.render(item, at)}</div>
          <Buttons
            first={at === 0}
            last={at === items.length - 1}
            onMove={(by) => onChange(moved(items, at, at + by))}
            {...(props.removable
              ? { onRemove: () => onChange(items.filter((_, other) => other !== at)) }
              : {})}
          />
        </li>
      ))}
    </ol>
  )
}

function Grip({ onStart, onEnd }: { onStart: () => void; onEnd: () => void }) {
  const { t } = useWords()
  return (
    <span
      className={own.grip}
      title={t('ui.drag')}
      draggable
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = 'move'
        onStart()
      }}
      onDragEnd={onEnd}
      aria-hidden
    >
      <IconGripVertical size={16} stroke={1.6} />
    </span>
  )
}

function Buttons(props: {
  first: boolean
  last: boolean
  onMove: (by: number) => void
  onRemove?: () => void
}) {
  const { t } = useWords()
  const shared = { variant: 'subtle', color: 'gray', size: 'md', className: own.plain ?? '' } as const
  return (
    <span style={{ display: 'flex' }}>
      <ActionIcon
        {...shared}
        aria-label={t('ui.move_up')}
        disabled={props.first}
        onClick={() => props.onMove(-1)}
      >
        <IconArrowUp size={15} />
      </ActionIcon>
      <ActionIcon
        {...shared}
        aria-label={t('ui.move_down')}
        disabled={props.last}
        onClick={() => props.onMove(1)}
      >
        <IconArrowDown size={15} />
      </ActionIcon>
      {props.onRemove && (
        <ActionIcon {...shared} aria-label={t('ui.remove')} onClick={props.onRemove}>
          <IconX size={15} />
        </ActionIcon>
      )}
    </span>
  )
}
