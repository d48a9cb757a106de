import { type KeyboardEvent, type RefObject, useState } from 'react'
import { useDesk } from '../../app/api'
import { type Task, useTask } from '../../ui/useTask'
import { draftOf, keepDraft, type Mode, useDraft } from './drafts'
import type { Offer } from './suggest'
import { arrived, isGoingUp, type Upload, useAwaited, useUploads } from './uploads'
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
  /** It was sent, and goes once its files are there. */
  awaited: boolean
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
  const awaited = useAwaited(id)
  const task = useTask()
  const { send, say } = useSend(id, mode)
  const [asked, setAsked] = useState<Asked>()
  const offers = useOffers(id, draft, mode, field)
  const left = TEXT_CHARS - [...draft].length
  const sendable = left >= 0 && isSomething(draft, uploads)

  const change = (text: string) => {
    keepDraft(id, mode, text)
    offers.look()
    if (mode === 'reply') desk.typing(id, text !== '' && !text.startsWith('/'))
  }
  const submit = () => {
    if (!sendable || awaited || task.busy) return
    // What failed before stays beside the field, and does not hold back the rest.
    const files = uploads.filter((upload) => !upload.problem)
    void task.run(async () => {
      const there = await arrived(id, files)
      // Words that were changed meanwhile are not what was sent.
      if (!there || !draftOf(id, mode).startsWith(draft)) return
      await send(draft, there)
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
    awaited,
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

/** Whether there is something to send; files on their way up are waited for. */
function isSomething(draft: string, uploads: readonly Upload[]): boolean {
  return draft.trim() !== '' || uploads.some((upload) => upload.attachment || isGoingUp(upload))
}
