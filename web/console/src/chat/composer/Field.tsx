import { Button, Textarea } from '@mantine/core'
import IconSend2 from '@tabler/icons-react/icons/IconSend2'
import { type ClipboardEvent, type RefObject, useLayoutEffect, useRef } from 'react'
import { useDesk } from '../../app/api'
import { useWords } from '../../app/words'
import { ProblemAlert } from '../../ui/ProblemAlert'
import css from './Composer.module.css'
import type { Mode } from './drafts'
import { OfferList } from './OfferList'
import { QueryPanel } from './QueryPanel'
import { placesIn } from './suggest'
import { Toolbar } from './Toolbar'
import { UploadStrip } from './UploadStrip'
import { addFiles, isGoingUp } from './uploads'
import { type FieldState, useField } from './useField'

/** Characters before the limit from which it is counted down. */
const COUNTED = 500
/** Lines of the field, empty and full: more would push the conversation away. */
const LINES = [2, 12] as const
/** The button of a note: amber as notes are, and dark enough for white words on it. */
const NOTE_COLOUR = '#7a5a00'

const LIST_ID = 'composer-offers'

interface Props {
  id: string
  mode: Mode
  /** Goes up whenever the cursor is wanted here. */
  focus: number
  onSent: () => void
}

/** The field itself, with all that is offered while one writes. */
export function Field({ id, mode, focus, onSent }: Props) {
  const area = useRef<HTMLTextAreaElement>(null)
  const state = useField(id, mode, area, onSent)
  const { asked, offers } = state
  useLayoutEffect(() => {
    if (focus > 0) area.current?.focus()
  }, [focus])
  return (
    <div className={css.body}>
      {asked && (
        <QueryPanel key={JSON.stringify(asked)} asked={asked} conversation={id} onClose={state.closeAsked} />
      )}
      {offers.list.length > 0 && (
        <OfferList id={LIST_ID} offers={offers.list} active={offers.active} onChoose={state.choose} />
      )}
      <Area id={id} mode={mode} area={area} state={state} />
      <Unfilled text={state.draft} />
      <UploadStrip conversation={id} uploads={state.uploads} />
      <Awaited state={state} />
      <ProblemAlert problem={state.task.problem} />
      <Bottom id={id} mode={mode} state={state} onSent={onSent} />
    </div>
  )
}

interface AreaProps {
  id: string
  mode: Mode
  area: RefObject<HTMLTextAreaElement | null>
  state: FieldState
}

function Area({ id, mode, area, state }: AreaProps) {
  const { t } = useWords()
  const desk = useDesk()
  const { draft, offers } = state
  const offering = offers.list.length > 0
  const pasted = (event: ClipboardEvent) => {
    const files = [...event.clipboardData.files]
    if (files.length === 0) return
    event.preventDefault()
    addFiles(desk, id, files)
  }
  return (
    <Textarea
      ref={area}
      variant="unstyled"
      autosize
      minRows={LINES[0]}
      maxRows={LINES[1]}
      classNames={{ input: css.input ?? '' }}
      aria-label={t(`composer.${mode}`)}
      aria-autocomplete="list"
      aria-controls={offering ? LIST_ID : undefined}
      aria-activedescendant={offering ? `${LIST_ID}-${offers.active}` : undefined}
      placeholder={t(mode === 'reply' ? 'composer.reply_hint' : 'composer.note_hint')}
      value={draft}
      onChange={(event) => state.change(event.currentTarget.value)}
      onSelect={offers.look}
      onKeyDown={state.onKeyDown}
      onPaste={pasted}
      onBlur={() => mode === 'reply' && desk.typing(id, false)}
    />
  )
}

/** Places of a canned response that nothing was known for: the agent's to fill. */
function Unfilled({ text }: { text: string }) {
  const { t } = useWords()
  const places = placesIn(text)
  if (places.length === 0) return null
  return (
    <p className={css.awaited} role="status">
      {t('composer.unfilled')}{' '}
      {places.map((place) => (
        <mark key={place} className={css.place}>
          {place}
        </mark>
      ))}
    </p>
  )
}

/** Why what was sent is still here. */
function Awaited({ state: { awaited, uploads } }: { state: FieldState }) {
  const { t } = useWords()
  const count = uploads.filter(isGoingUp).length
  if (!awaited || count === 0) return null
  return (
    <p className={css.awaited} role="status">
      {t('upload.awaited', { count })}
    </p>
  )
}

function Bottom({ id, mode, state, onSent }: Omit<AreaProps, 'area'> & { onSent: () => void }) {
  const { t } = useWords()
  const { draft, left } = state
  return (
    <div className={css.bottom}>
      <Toolbar
        id={id}
        mode={mode}
        onInsert={(text) => state.change(draft === '' ? text : `${draft}\n${text}`)}
        onSay={state.say}
        onSent={onSent}
      />
      <span className={css.spring} />
      {left < COUNTED && (
        <span className={css.left} data-over={left < 0 || undefined}>
          {left < 0 ? t('composer.too_long', { count: -left }) : left}
        </span>
      )}
      <Button
        size="xs"
        color={mode === 'note' ? NOTE_COLOUR : 'iris'}
        disabled={!state.sendable}
        loading={state.task.busy || state.awaited}
        onClick={state.submit}
        rightSection={<IconSend2 size={15} stroke={1.8} />}
      >
        {t(mode === 'reply' ? 'composer.send' : 'composer.keep')}
      </Button>
    </div>
  )
}
