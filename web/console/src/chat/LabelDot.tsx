import css from './LabelDot.module.css'

/** Whether it is a colour as the API gives it; anything else is not let into a style. */
function isColour(colour: string | null | undefined): colour is string {
  return typeof colour === 'string' && /^#[0-9a-f]{6}$/i.test(colour)
}

/** A label with its colour. */
export function LabelDot({ name, colour }: { name: string; colour?: string | null | undefined }) {
  return (
    <span className={css.label} title={name}>
      <span className={css.dot} style={isColour(colour) ? { background: colour } : undefined} />
      <span className={css.name}>{name}</span>
    </span>
  )
}
