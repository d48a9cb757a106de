/** What the server would refuse for its shape or size is refused here, before it goes into the outbox. */

import type { OutboxFrame } from './outbox-store'
import { Problem } from './problem'

/** Characters (code points) in one text; the server's limit. */
export const TEXT_CHARS = 8_000

/** Bytes of one frame: API Gateway closes the socket on a longer one. The rest is for what is added on the way. */
const FRAME_BYTES = 32 * 1024 - 256

/** Throws a {@link Problem} where a frame could not be taken. */
export function checkFrame(frame: OutboxFrame): void {
  // Pages in plain JavaScript have no types to tell them.
  if (frame.action === 'send' && !isContent(frame.content)) {
    throw new Problem({
      code: 'invalid_field',
      message: "send needs a content, such as { kind: 'text', text: 'Hello' }.",
    })
  }
  const texts = [
    'text' in frame ? frame.text : undefined,
    'content' in frame && frame.content && 'text' in frame.content ? frame.content.text : undefined,
    'comment' in frame ? frame.comment : undefined,
  ]
  for (const text of texts) {
    // A code point has one or two units: only what is in doubt is counted, for it may be megabytes.
    if (text && text.length > TEXT_CHARS && (text.length > 2 * TEXT_CHARS || [...text].length > TEXT_CHARS)) {
      throw new Problem({
        code: 'text_too_long',
        message: `The text is too long: at most ${TEXT_CHARS} characters. Split it into several messages.`,
      })
    }
  }
  if (frame.action === 'send' && frame.content.kind === 'text' && frame.content.text.trim() === '') {
    throw new Problem({ code: 'empty', message: 'There is nothing in it. Write something first.' })
  }
  if (new TextEncoder().encode(JSON.stringify(frame)).length > FRAME_BYTES) {
    throw new Problem({ code: 'too_large', message: 'This is too large. Send less, or as a file.' })
  }
}

function isContent(content: unknown): boolean {
  if (typeof content !== 'object' || content === null || !('kind' in content)) return false
  return content.kind !== 'text' || ('text' in content && typeof content.text === 'string')
}
