import type { State } from '@deskwire/sdk'
import { Button, UnstyledButton } from '@mantine/core'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { useMe } from '../../app/api'
import { useWords } from '../../app/words'
import { ActionProblem } from '../actions/ActionProblem'
import { may } from '../actions/may'
import { useAction } from '../actions/useAction'
import { useDirectory } from '../ChatProvider'
import { agentName } from '../names'
import { useViewer } from '../useViewer'
import css from './Composer.module.css'
import type { Mode } from './drafts'
import { Field } from './Field'
import { FOCUS_COMPOSER } from './focus'

interface Props {
  id: string
  state: State
  onSent: () => void
}

/** Where one writes: a reply for the visitor, or a note for colleagues. */
export function Composer({ id, state, onSent }: Props) {
  const { t } = useWords()
  const { role } = useMe()
  const can = may(state, useViewer(), role)
  const [chosen, setMode] = useState<Mode>('reply')
  const [focus, setFocus] = useState(0)
  useEffect(() => {
    const onFocus = (event: Event) => {
      if (!(event instanceof CustomEvent)) return
      // At once: the next key that is pressed belongs into the field already.
      flushSync(() => {
        setMode(event.detail === 'note' ? 'note' : 'reply')
        setFocus((count) => count + 1)
      })
    }
    document.addEventListener(FOCUS_COMPOSER, onFocus)
    return () => document.removeEventListener(FOCUS_COMPOSER, onFocus)
  }, [])
  const box = useRef<HTMLDivElement>(null)
  useTellHeight(box)
  return (
    <div className={css.composer} data-mode={chosen} ref={box}>
      <div className={css.tabs} role="tablist" aria-label={t('composer.mode')}>
        {(['reply', 'note'] as const).map((mode) => (
          <UnstyledButton
            key={mode}
            role="tab"
            aria-selected={chosen === mode}
            className={css.tab ?? ''}
            onClick={() => {
              setMode(mode)
              setFocus((count) => count + 1)
            }}
          >
            {t(`composer.${mode}`)}
          </UnstyledButton>
        ))}
      </div>
      {chosen === 'reply' && !can.reply ? (
        <NoReply id={id} state={state} accept={can.accept} reopen={can.reopen} />
      ) : (
        <Field key={chosen} id={id} mode={chosen} focus={focus} onSent={onSent} />
      )}
    </div>
  )
}

/** Tells the page how much of its foot is taken, for what lies over it. */
function useTellHeight(box: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = box.current
    if (!element) return
    const { style } = document.documentElement
    const resized = new ResizeObserver(() => style.setProperty('--dw-composer', `${element.offsetHeight}px`))
    resized.observe(element)
    return () => {
      resized.disconnect()
      style.removeProperty('--dw-composer')
    }
  }, [box])
}

/** Why one cannot reply now, and what to do about it. */
function NoReply(props: { id: string; state: State; accept: boolean; reopen: boolean }) {
  const { t } = useWords()
  const directory = useDirectory()
  const action = useAction(props.id)
  const { id, state, accept, reopen } = props
  const text =
    state.status === 'queued'
      ? t(accept ? 'composer.accept_first' : 'composer.other_queue')
      : state.status === 'closed'
        ? t('composer.closed')
        : state.status === 'bot'
          ? t('composer.with_bot')
          : t('composer.others', { name: agentName(state.assignee, directory) })
  return (
    <div className={css.noReply}>
      <ActionProblem action={action} />
      <div className={css.noReplyLine}>
        <span>{text}</span>
        {accept && (
          <Button
            size="xs"
            loading={action.busy}
            onClick={() => void action.run({ action: 'accept', conversation: id })}
          >
            {t(state.status === 'bot' ? 'action.take_over' : 'action.accept')}
          </Button>
        )}
        {reopen && (
          <Button
            size="xs"
            variant="default"
            loading={action.busy}
            onClick={() => void action.run({ action: 'reopen', conversation: id })}
          >
            {t('action.reopen')}
          </Button>
        )}
      </div>
    </div>
  )
}
