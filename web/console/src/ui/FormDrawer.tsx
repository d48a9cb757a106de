import { Button, Drawer, Group } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { FormEvent, ReactNode } from 'react'
import { useWords } from '../app/words'
import drawer from './FormDrawer.module.css'
import { DiscardAsk, useLeave } from './Leave'
import { ProblemAlert } from './ProblemAlert'
import css from './ui.module.css'

interface Props {
  title: ReactNode
  onClose: () => void
  onSave?: (() => void) | undefined
  /** It is on its way to the server. */
  saving?: boolean
  /** Why the server refused it: shown beside the button, while everything that was written stays. */
  problem?: unknown
  /** There is something to lose, or to save. */
  dirty?: boolean
  /** All is there without which saving makes no sense. */
  ready?: boolean
  /** It is only looked at: whoever is signed in may not change it. */
  readOnly?: boolean
  saveLabel?: string
  size?: string | number
  /** What else can be done, at the left of the foot. */
  aside?: ReactNode
  children: ReactNode
}

/** A form at the side of a list. Closing it, and leaving its page, ask first where something would be lost. */
export function FormDrawer(props: Props) {
  const { t } = useWords()
  const [asking, ask] = useDisclosure(false)
  const losing = Boolean(props.dirty && !props.saving)
  const leave = useLeave(losing)
  const close = () => (losing ? ask.open() : props.onClose())
  const submit = (event: FormEvent) => {
    event.preventDefault()
    event.stopPropagation()
    props.onSave?.()
  }
  return (
    <Drawer
      opened
      onClose={close}
      position="right"
      overlayProps={{ backgroundOpacity: 0.28 }}
      size={props.size ?? 480}
      title={props.title}
      classNames={{ body: drawer.drawerBody ?? '', title: css.sectionTitle ?? '' }}
      styles={{
        header: {
          minHeight: 60,
          paddingInline: 20,
          borderBottom: '1px solid var(--mantine-color-default-border)',
        },
      }}
    >
      <form className={drawer.drawerForm} onSubmit={submit} noValidate>
        <fieldset className={drawer.drawerFields} disabled={props.readOnly ?? false}>
          {props.children}
        </fieldset>
        <div className={drawer.drawerFoot}>
          {Boolean(props.problem) && (
            <div style={{ marginBottom: 10 }}>
              <ProblemAlert problem={props.problem} />
            </div>
          )}
          <Group justify="space-between" wrap="nowrap">
            <div>{props.aside}</div>
            <Group gap={8} wrap="nowrap">
              <Button variant="default" onClick={close}>
                {props.onSave && props.dirty !== false ? t('ui.cancel') : t('ui.close')}
              </Button>
              {props.onSave && (
                <Button
                  type="submit"
                  loading={props.saving ?? false}
                  disabled={props.dirty === false || props.ready === false}
                >
                  {props.saveLabel ?? t('ui.save')}
                </Button>
              )}
            </Group>
          </Group>
        </div>
      </form>
      <DiscardAsk
        opened={asking || leave.asked}
        onKeep={() => {
          ask.close()
          leave.stay()
        }}
        onDiscard={() => {
          ask.close()
          leave.go()
          props.onClose()
        }}
      />
    </Drawer>
  )
}
