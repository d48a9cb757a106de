import type { Content } from '@deskwire/sdk'
import { useCallback } from 'react'
import { useDesk } from '../../app/api'
import { useDirectory } from '../ChatProvider'
import { draftOf, keepDraft, type Mode } from './drafts'
import { mentionsIn } from './suggest'
import { contentOf, removeUpload, type Upload } from './uploads'

/** Sends what is in the field, and the files beside it; each message goes into the outbox, and only then out of here. */
export function useSend(id: string, mode: Mode) {
  const desk = useDesk()
  const { agents } = useDirectory()

  const say = useCallback(
    (content: Content) =>
      mode === 'note' ? desk.note(id, { content }) : desk.send(content, { conversation: id }),
    [desk, id, mode],
  )

  const sayText = useCallback(
    (text: string) => {
      if (mode === 'reply') return desk.send({ kind: 'text', text }, { conversation: id })
      const mentions = mentionsIn(text, [...agents.values()])
      return desk.note(id, { text, ...(mentions.length > 0 && { mentions }) })
    },
    [desk, id, mode, agents],
  )

  const send = useCallback(
    (draft: string, uploads: readonly Upload[]) =>
      sendInOrder(id, mode, { draft, uploads }, { say, sayText }),
    [id, mode, say, sayText],
  )
  return { send, say }
}

interface Ways {
  say: (content: Content) => Promise<unknown>
  sayText: (text: string) => Promise<unknown>
}

/** Each leaves the field once it is kept, and not before: it may be refused. */
export async function sendInOrder(
  id: string,
  mode: Mode,
  { draft, uploads }: { draft: string; uploads: readonly Upload[] },
  { say, sayText }: Ways,
): Promise<void> {
  const text = draft.trim()
  const files = uploads.filter((upload) => upload.attachment)
  // Words beside a single file belong to it; of several, nobody could say to which.
  const together = files.length === 1 && mode === 'reply'
  const leave = () => {
    // What was typed meanwhile stays.
    const now = draftOf(id, mode)
    keepDraft(id, mode, now.startsWith(draft) ? now.slice(draft.length) : now)
  }
  if (!together) {
    if (text !== '') await sayText(text)
    leave()
  }
  for (const { key, attachment } of files) {
    if (attachment) await say(contentOf(attachment, together ? text : undefined))
    if (together) leave()
    removeUpload(id, key)
  }
}
