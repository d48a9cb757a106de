import { Tooltip } from '@mantine/core'
import { useWords } from '../../app/words'
import type { Because as Piece } from '../../ui/schema'
import css from '../../ui/ui.module.css'
import own from './ai.module.css'
import { weights } from './weights'

/** The sentence with the weight of each letter as its colour: for the intent, or against it. */
export function Because({ text, pieces }: { text: string; pieces: readonly Piece[] }) {
  const { t } = useWords()
  return (
    <>
      <p className={own.said} style={{ lineHeight: 2 }}>
        {weights(text, pieces).map((run) => {
          const strength = Math.round(Math.min(1, Math.abs(run.weight)) * 60)
          const colour = run.weight >= 0 ? 'var(--mantine-color-teal-5)' : 'var(--mantine-color-red-5)'
          const style = {
            background: strength ? `color-mix(in srgb, ${colour} ${strength}%, transparent)` : 'none',
          }
          return (
            <Tooltip
              key={run.start}
              label={(run.raw > 0 ? '+' : '') + run.raw.toFixed(2)}
              disabled={!strength}
            >
              <span className={own.piece} style={style}>
                {run.text}
              </span>
            </Tooltip>
          )
        })}
      </p>
      <p className={css.hint} style={{ margin: 0 }}>
        {t('test.colours')}
      </p>
    </>
  )
}
