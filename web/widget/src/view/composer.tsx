import { Problem } from '@deskwire/sdk'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { COUNT_FROM, DRAFT_CHARS, TEXT_CHARS } from '../limits'
import { useChat } from './context'
import { Icon } from './icons'
import { Wrong } from './wrong'

/** Characters as the server counts them: one for each code point. */
export function characters(text: string): number {
  return [...text].length
}

/** Whether Enter means "choose this" to an input method (Chinese, Japanese, …) rather than "send". */
export function isComposing(event: KeyboardEvent): boolean {
  // 229 is what Safari gives for the Enter that ends a composition, after `isComposing` is false again.
  return event.isComposing || event.keyCode === 229
}

/** As high as its words need; the style says how high at most. */
function grow(area: HTMLTextAreaElement): void {
  area.style.height = 'auto'
  area.style.height = `${area.scrollHeight}px`
}

/** Where the visitor writes. */
export function Composer() {
  const chat = useChat()
  const texts = chat.texts.value
  const area = useRef<HTMLTextAreaElement>(null)
  const [problem, setProblem] = useState<Problem>()
  const text = chat.draft
  const count = characters(text)
  const over = count - TEXT_CHARS
  const can = text.trim() !== '' && over <= 0

  useLayoutEffect(() => {
    if (area.current) grow(area.current)
  }, [text])

  const send = (): void => {
    // What is drawn may be a key older than what is written.
    const text = chat.draft
    if (text.trim() === '' || characters(text) > TEXT_CHARS) return
    setProblem(undefined)
    chat.write('')
    chat.say({ kind: 'text', text }).catch((error: unknown) => {
      // It was not even kept: the words go back to where they were written.
      chat.write(text)
      setProblem(Problem.of(error))
    })
    area.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || isComposing(event)) return
    event.preventDefault()
    send()
  }
  const written = (area: HTMLTextAreaElement): void => {
    if (area.value.length > DRAFT_CHARS) area.value = area.value.slice(0, DRAFT_CHARS)
    chat.write(area.value)
    grow(area)
  }
  const addFiles = (files: readonly File[]): void => chat.uploads.add(files)
  return (
    <>
      <Wrong problem={problem} />
      {count > COUNT_FROM && (
        <p class={over > 0 ? 'count bad' : 'count'} id="dw-count" role={over > 0 ? 'alert' : undefined}>
          {over > 0 ? texts.charactersOver(over) : texts.charactersLeft(-over)}
        </p>
      )}
      <div class="composer">
        {chat.config.value.settings.attachments && <Attach add={addFiles} />}
        <textarea
          ref={area}
          class="words"
          rows={1}
          dir="auto"
          value={text}
          placeholder={texts.write}
          aria-label={texts.writeLabel}
          aria-describedby={count > COUNT_FROM ? 'dw-count' : undefined}
          aria-invalid={over > 0}
          enterkeyhint="send"
          onInput={(event) => written(event.currentTarget)}
          onKeyDown={onKeyDown}
          onPaste={(event) => {
            const files = [...(event.clipboardData?.files ?? [])]
            const text = event.clipboardData?.getData('text') ?? ''
            if (files.length && chat.config.value.settings.attachments) {
              event.preventDefault()
              addFiles(files)
            } else if (text.length > DRAFT_CHARS) {
              // Of a pasted book only the beginning: a browser stands still for a minute over two megabytes.
              event.preventDefault()
              const { currentTarget: area } = event
              area.setRangeText(text.slice(0, DRAFT_CHARS), area.selectionStart, area.selectionEnd, 'end')
              written(area)
            }
          }}
        />
        <button type="button" class="icon go" aria-label={texts.send} disabled={!can} onClick={send}>
          <Icon name="send" />
        </button>
      </div>
    </>
  )
}

function Attach({ add }: { add: (files: readonly File[]) => void }) {
  const { texts } = useChat()
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <button
        type="button"
        class="icon"
        aria-label={texts.value.attach}
        onClick={() => input.current?.click()}
      >
        <Icon name="clip" />
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={(event) => {
          add([...(event.currentTarget.files ?? [])])
          // The same file may be chosen again.
          event.currentTarget.value = ''
        }}
      />
    </>
  )
}
