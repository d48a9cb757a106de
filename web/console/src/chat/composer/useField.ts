import { type KeyboardEvent, type RefObject, useState } from 'react'
import { useDesk } from '../../app/api'
import { type Task, useTask } from '../useTask'
import { keepDraft, type Mode, useDraft } from './drafts'
import type { Offer } from './suggest'
import { type Upload, useUploads } from './uploads'
import { type Offers, useOffers } from './useOffers'
import { useSend } from './useSend'

/** Characters of one message: the server's limit (`limits.rs`, TEXT_CHARS). */
const TEXT_CHARS = 8_000

/** A query that was typed, with its arguments. */
export interface Asked {
  name: string
  args: Record<string, string>
}

/** What is being written, and what can be done with it. */
export interface FieldState {
  draft: string
  uploads: readonly Upload[]
  /** Characters that still fit. */
  left: number
  sendable: boolean
  task: Task
  offers: Offers
  asked: Asked | undefined
  closeAsked: () => void
  change: (text: string) => void
  submit: () => void
  choose: (offer: Offer) => void
  onKeyDown: (event: KeyboardEvent<HTMLTextAreaElement>) => void
  say: ReturnType<typeof useSend>['say']
}

/** Holds a field's text and files, and sends them. */
export function useField(
  id: string,
  mode: Mode,
  field: RefObject<HTMLTextAreaElement | null>,
  onSent: () => void,
): FieldState {
  const desk = useDesk()
  const draft = useDraft(id, mode)
  const uploads = useUploads(id)
  const task = useTask()
  const { send, say } = useSend(id, mode)
  const [asked, setAsked] = useState<Asked>()
  const offers = useOffers(draft, mode, field)
  const left = TEXT_CHARS - [...draft].length
  const sendable = left >= 0 && isSomething(draft, uploads)

  const change = (text: string) => {
    keepDraft(id, mode, text)
    offers.look()
    if (mode === 'reply') desk.typing(id, text !== '' && !text.startsWith('/'))
  }
  const submit = () => {
    if (!sendable || task.busy) return
    void task.run(async () => {
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
  const closeAsked = () => setAsked(undefined)
  return {
    draft,
    uploads,
    left,
    sendable,
    task,
    offers,
    asked,
    closeAsked,
    change,
    submit,
    choose,
    onKeyDown,
    say,
  }
}

/** Whether there is something to send, and all of it is there. */
function isSomething(draft: string, uploads: readonly Upload[]): boolean {
  const loading = uploads.some((upload) => !upload.attachment && !upload.problem)
  return !loading && (draft.trim() !== '' || uploads.some((upload) => upload.attachment))
}
