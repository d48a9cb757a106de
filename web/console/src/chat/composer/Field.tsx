import { Button, Textarea } from '@mantine/core'
import IconSend2 from '@tabler/icons-react/icons/IconSend2'
import { type ClipboardEvent, type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react'
import { useDesk } from '../../app/api'
import { useWords } from '../../app/words'
import { ProblemAlert } from '../../ui/ProblemAlert'
import { useTask } from '../useTask'
import css from './Composer.module.css'
import { keepDraft, type Mode, useDraft } from './drafts'
import { OfferList } from './OfferList'
import { QueryPanel } from './QueryPanel'
import type { Offer } from './suggest'
import { Toolbar } from './Toolbar'
import { UploadStrip } from './UploadStrip'
import { addFiles, useUploads } from './uploads'
import { useOffers } from './useOffers'
import { useSend } from './useSend'

/** Characters of one message: the server's limit (`limits.rs`, TEXT_CHARS). */
const TEXT_CHARS = 8_000
/** Characters before the limit from which it is counted down. */
const COUNTED = 500

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
  const { t } = useWords()
  const desk = useDesk()
  const draft = useDraft(id, mode)
  const uploads = useUploads(id)
  const field = useRef<HTMLTextAreaElement>(null)
  const { run, busy, problem } = useTask()
  const { send, say } = useSend(id, mode)
  const [asked, setAsked] = useState<{ name: string; args: Record<string, string> }>()
  const offers = useOffers(draft, mode, field)
  const change = (text: string) => {
    keepDraft(id, mode, text)
    offers.look()
    if (mode === 'reply') desk.typing(id, text !== '' && !text.startsWith('/'))
  }
  useLayoutEffect(() => {
    if (focus > 0) field.current?.focus()
  }, [focus])

  const loading = uploads.some((upload) => !upload.attachment && !upload.problem)
  const left = TEXT_CHARS - [...draft].length
  const ready = uploads.some((upload) => upload.attachment)
  const sendable = (draft.trim() !== '' || ready) && !loading && left >= 0
  const submit = () => {
    if (!sendable || busy) return
    void run(async () => {
      await send(draft, uploads)
      onSent()
    })
  }
  const choose = (offer: Offer) => {
    if (offer.kind === 'query') {
      setAsked(offers.ask(offer))
      keepDraft(id, mode, '')
      return
    }
    const { text, caret } = offers.insert(offer)
    keepDraft(id, mode, text)
    requestAnimationFrame(() => field.current?.setSelectionRange(caret, caret))
  }
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // Enter that ends a Chinese or Japanese word must not send it.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return
    if (offers.onKey(event, choose)) return
    if (event.key === 'Escape') event.currentTarget.blur()
    if (event.key !== 'Enter' || event.shiftKey) return
    event.preventDefault()
    submit()
  }
  const pasted = (event: ClipboardEvent) => {
    const files = [...event.clipboardData.files]
    if (files.length === 0) return
    event.preventDefault()
    addFiles(desk, id, files)
  }
  return (
    <div className={css.body}>
      {asked && (
        <QueryPanel
          key={JSON.stringify(asked)}
          asked={asked}
          conversation={id}
          onClose={() => setAsked(undefined)}
        />
      )}
      {offers.list.length > 0 && (
        <OfferList id={LIST_ID} offers={offers.list} active={offers.active} onChoose={choose} />
      )}
      <Textarea
        ref={field}
        variant="unstyled"
        autosize
        minRows={2}
        maxRows={12}
        classNames={{ input: css.input ?? '' }}
        aria-label={t(`composer.${mode}`)}
        aria-autocomplete="list"
        aria-controls={offers.list.length > 0 ? LIST_ID : undefined}
        aria-activedescendant={offers.list.length > 0 ? `${LIST_ID}-${offers.active}` : undefined}
        placeholder={t(mode === 'reply' ? 'composer.reply_hint' : 'composer.note_hint')}
        value={draft}
        onChange={(event) => change(event.currentTarget.value)}
        onSelect={offers.look}
        onKeyDown={onKeyDown}
        onPaste={pasted}
        onBlur={() => mode === 'reply' && desk.typing(id, false)}
      />
      <UploadStrip conversation={id} uploads={uploads} />
      <ProblemAlert problem={problem} />
      <div className={css.bottom}>
        <Toolbar
          id={id}
          mode={mode}
          onInsert={(text) => change(draft === '' ? text : `${draft}\n${text}`)}
          onSay={say}
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
          disabled={!sendable}
          loading={busy}
          onClick={submit}
          rightSection={<IconSend2 size={15} stroke={1.8} />}
        >
          {t(mode === 'reply' ? 'composer.send' : 'composer.keep')}
        </Button>
      </div>
    </div>
  )
}
