import type { CSSProperties, ReactNode } from 'react'
import css from './ui.module.css'

/** How good or bad something is, as a colour; words always stand beside it. */
export type Tone = 'good' | 'warn' | 'bad' | 'quiet' | 'busy'

const COLOURS: Record<Tone, string> = {
  good: 'var(--mantine-color-teal-6)',
  warn: 'var(--mantine-color-yellow-6)',
  bad: 'var(--mantine-color-red-6)',
  quiet: 'var(--mantine-color-gray-5)',
  busy: 'var(--mantine-color-blue-6)',
}

/** A state: a dot and a word. */
export function Mark({ tone, children }: { tone: Tone; children: ReactNode }) {
  const style = { '--tone': COLOURS[tone] } as CSSProperties
  return (
    <span className={css.state} style={style}>
      <span className={css.dot} aria-hidden />
      {children}
    </span>
  )
}

/** Small words side by side: skills, labels, event types. A dash where there are none. */
export function Chips({ words, max = 4 }: { words: readonly string[] | null | undefined; max?: number }) {
  if (!words || words.length === 0) return <span style={{ color: 'var(--mantine-color-dimmed)' }}>–</span>
  return (
    <span className={css.chips}>
      {words.slice(0, max).map((word) => (
        <span className={css.chip} key={word} title={word}>
          <span style={{ overflow: 'hidden', textOverflow: 'ellipsis' }}>{word}</span>
        </span>
      ))}
      {words.length > max && <span className={css.chip}>+{words.length - max}</span>}
    </span>
  )
}

/** Text of a machine: an id, an address. */
export function Mono({ children }: { children: ReactNode }) {
  return <span className={css.mono}>{children}</span>
}

/** A figure with its name. */
export function Stat(props: { label: ReactNode; value: ReactNode; hint?: ReactNode; tone?: Tone }) {
  return (
    <div className={`${css.card} ${css.stat}`}>
      <div className={css.hint} style={{ display: 'flex', alignItems: 'center', gap: 6 }}>
        {props.tone && (
          <span className={css.dot} style={{ '--tone': COLOURS[props.tone] } as CSSProperties} aria-hidden />
        )}
        {props.label}
      </div>
      <div className={css.statValue}>{props.value}</div>
      {props.hint && <div className={css.hint}>{props.hint}</div>}
    </div>
  )
}
