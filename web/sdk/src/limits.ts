/** What the server would refuse for its shape or size is refused here, before it goes into the outbox. */

import { Problem } from './problem'
import type { Code, OutboxFrame } from './types'

/** Characters (code points) in one text; the server's limit. */
const TEXT_CHARS = 8_000

/** Bytes of one frame: API Gateway closes the socket on a longer one. The rest is for what is added on the way. */
const FRAME_BYTES = 32 * 1024 - 256

/** What frames may say in words, as it comes from a page: one in plain JavaScript has no types to tell it. */
interface Words {
  content?: { kind?: string; text?: string | null } | null
  text?: string
  comment?: string | null
}

function refuse(code: Code, message: string): never {
  throw new Problem({ code, message })
}

function isTooLong(text: string): boolean {
  // A code point has one or two units: no more is counted than can be in doubt, for it may be megabytes.
  return [...text.slice(0, 2 * TEXT_CHARS + 1)].length > TEXT_CHARS
}

function checkContent(content: Words['content']): void {
  if (!content?.kind) refuse('invalid_field', 'send needs a content.')
  if (content.kind === 'text' && !content.text?.trim())
    refuse('empty', 'There is nothing in it. Write something first.')
}

/** Throws a {@link Problem} where a frame could not be taken. */
export function checkFrame(frame: OutboxFrame): void {
  const { content, text, comment }: Words = frame as Words
  if (frame.action === 'send') checkContent(content)
  if ([text, content?.text, comment].some((words) => words && isTooLong(words))) {
    const message = `The text is too long: at most ${TEXT_CHARS} characters. Split it into several messages.`
    refuse('text_too_long', message)
  }
  if (new Blob([JSON.stringify(frame)]).size > FRAME_BYTES)
    refuse('too_large', 'This is too large. Send less, or as a file.')
}
