import { Button, type ButtonProps as ButtonStyle, Group, Modal, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { type Save, useSave } from '../app/api'
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
    <Modal opened={props.opened} onClose={props.onCancel} title={props.title} size={420}>
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

/** A write that is done by a button once it was asked about. */
interface ButtonProps<Answer> {
  label: ReactNode
  title: ReactNode
  about: ReactNode
  tone?: 'red' | 'plain'
  /** How the button looks. */
  button?: Pick<ButtonStyle, 'variant' | 'size' | 'color' | 'disabled'>
  write: Save
  /** What is to be read again then, as for `useSave`. */
  changes: readonly string[]
  onDone?: ((answer: Answer) => void) | undefined
}

/** A button that asks before it writes. What was refused once is forgotten when it is asked anew. */
export function ConfirmButton<Answer>(props: ButtonProps<Answer>) {
  const [opened, { open, close }] = useDisclosure(false)
  const save = useSave<Answer>(() => props.write, props.changes)
  return (
    <>
      <Button
        {...props.button}
        onClick={() => {
          save.reset()
          open()
        }}
      >
        {props.label}
      </Button>
      <Confirm
        opened={opened}
        title={props.title}
        about={props.about}
        action={props.label}
        tone={props.tone ?? 'red'}
        busy={save.isPending}
        problem={save.error}
        onCancel={close}
        onConfirm={() =>
          save.mutate(undefined, {
            onSuccess: (answer) => {
              close()
              props.onDone?.(answer)
            },
          })
        }
      />
    </>
  )
}

/** A button that deletes what lies at a path, after asking. */
export function ConfirmDelete(props: {
  name: string
  path: string
  about?: ReactNode
  changes: readonly string[]
  onDone: () => void
}) {
  const { t } = useWords()
  return (
    <ConfirmButton
      label={t('ui.delete')}
      title={t('ui.confirm_delete', { name: props.name })}
      about={props.about ?? t('ui.no_undo')}
      button={{ variant: 'subtle', color: 'red' }}
      write={{ method: 'DELETE', path: props.path }}
      changes={props.changes}
      onDone={props.onDone}
    />
  )
}
