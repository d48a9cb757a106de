import { type KeyboardEvent, useEffect, useRef } from 'react'
import { useWords } from '../app/words'
import own from './CodeEditor.module.css'
import type { Mistake } from './schema'

/** The height of a line, as the style sheet has it: the numbers stand beside their lines. */
const LINE_PX = 20

/** Lines that are seen above a mistake that the editor goes to. */
const CONTEXT = 6

/** A file that somebody writes: a plain text field with line numbers; lines with mistakes are red. */
export function CodeEditor(props: {
  value: string
  onChange: (value: string) => void
  mistakes?: readonly Mistake[]
  rows?: number
  label?: string
  readOnly?: boolean
}) {
  const { t } = useWords()
  const numbers = useRef<HTMLPreElement>(null)
  const field = useRef<HTMLTextAreaElement>(null)
  const first = props.mistakes?.[0]?.line
  useEffect(() => {
    if (first && field.current) field.current.scrollTop = Math.max(0, first - CONTEXT) * LINE_PX
  }, [first])
  const wrong = new Set(props.mistakes?.map((mistake) => mistake.line))
  const lines = props.value.split('\n').length
  return (
    <div className={own.editor}>
      <pre
        className={own.lines}
        ref={numbers}
        aria-hidden
        style={{ maxHeight: (props.rows ?? 24) * LINE_PX + 24 }}
      >
        {Array.from({ length: lines }, (_, at) => (
          <span key={String(at)} data-wrong={wrong.has(at + 1) || undefined}>
            {at + 1}
          </span>
        ))}
      </pre>
      <textarea
        ref={field}
        aria-label={props.label ?? t('ui.editor_label')}
        aria-invalid={wrong.size > 0}
        value={props.value}
        readOnly={props.readOnly}
        spellCheck={false}
        autoCapitalize="off"
        style={{ height: (props.rows ?? 24) * LINE_PX + 24, resize: 'none' }}
        onChange={(event) => props.onChange(event.currentTarget.value)}
        onScroll={(event) => {
          if (numbers.current) numbers.current.scrollTop = event.currentTarget.scrollTop
        }}
        onKeyDown={(event) => indent(event, props.onChange)}
      />
    </div>
  )
}

/** Tab writes two spaces (YAML has no tabs); with Escape before it, it goes on to the next field as everywhere. */
function indent(event: KeyboardEvent<HTMLTextAreaElement>, onChange: (value: string) => void) {
  const field = event.currentTarget
  if (event.key === 'Escape') field.dataset.leaving = 'yes'
  else if (event.key !== 'Tab') delete field.dataset.leaving
  if (event.key !== 'Tab' || event.shiftKey || field.dataset.leaving || field.readOnly) return
  event.preventDefault()
  const { selectionStart, selectionEnd, value } = field
  onChange(`${value.slice(0, selectionStart)}  ${value.slice(selectionEnd)}`)
  requestAnimationFrame(() => field.setSelectionRange(selectionStart + 2, selectionStart + 2))
}
