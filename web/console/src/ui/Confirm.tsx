import { Button, Group, Modal, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { useWords } from '../app/words'
import { ProblemAlert } from './ProblemAlert'

interface Props {
  opened: boolean
  title: ReactNode
  about?: ReactNode
  action: ReactNode
  cancel?: ReactNode
  busy?: boolean
  problem?: unknown
  /** What cannot be taken back is red; what can be is not. */
  tone?: 'red' | 'plain'
  onCancel: () => void
  onConfirm: () => void
}

/** Asks before something is done that cannot be taken back. */
export function Confirm(props: Props) {
  const { t } = useWords()
  return (
    <Modal opened={props.opened} onClose={props.onCancel} title={props.title} centered size={420} radius="md">
      {props.about && (
        <Text size="sm" c="dimmed" mb="md" component="div">
          {props.about}
        </Text>
      )}
      <ProblemAlert problem={props.problem} />
      <Group justify="flex-end" gap={8} mt="md">
        <Button variant="default" onClick={props.onCancel} data-autofocus>
          {props.cancel ?? t('ui.cancel')}
        </Button>
        <Button
          {...(props.tone === 'plain' ? {} : { color: 'red' })}
          loading={props.busy ?? false}
          onClick={props.onConfirm}
        >
          {props.action}
        </Button>
      </Group>
    </Modal>
  )
}

/** A button that deletes, after asking. `remove` is a write of `useSave`. */
export function ConfirmDelete(props: {
  name: ReactNode
  about?: ReactNode
  label?: ReactNode
  title?: ReactNode
  size?: string
  remove: {
    mutate: (input: undefined, options: { onSuccess: () => void }) => void
    isPending: boolean
    error: unknown
    reset: () => void
  }
  onDone?: () => void
}) {
  const { t } = useWords()
  const [opened, { open, close }] = useDisclosure(false)
  const { remove } = props
  const name = typeof props.name === 'string' ? props.name : ''
  return (
    <>
      <Button variant="subtle" color="red" size={props.size ?? 'sm'} onClick={open}>
        {props.label ?? t('ui.delete')}
      </Button>
      <Confirm
        opened={opened}
        title={props.title ?? t('ui.confirm_delete', { name })}
        about={props.about ?? t('ui.no_undo')}
        action={props.label ?? t('ui.delete')}
        busy={remove.isPending}
        problem={remove.error}
        onCancel={() => {
          remove.reset()
          close()
        }}
        onConfirm={() =>
          remove.mutate(undefined, {
            onSuccess: () => {
              close()
              props.onDone?.()
            },
          })
        }
      />
    </>
  )
}
