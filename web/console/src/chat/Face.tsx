import IconSparkles from '@tabler/icons-react/icons/IconSparkles'
import type { CSSProperties } from 'react'
import css from './Face.module.css'
import { hueOf, initials } from './names'

interface Props {
  id: string
  name: string
  /** The address of a picture. */
  picture?: string | null | undefined
  size?: number
  /** Whether they are there, as a dot. */
  status?: 'online' | 'away' | 'offline' | undefined
  bot?: boolean
}

/** Only pictures that came safely are shown. */
function isSafePicture(address: string | null | undefined): address is string {
  return typeof address === 'string' && /^https?:\/\//i.test(address)
}

/** Somebody's picture, or the letters that stand for their name. */
export function Face({ id, name, picture, size = 32, status, bot }: Props) {
  const style = { '--size': `${size}px`, '--hue': hueOf(id) } as CSSProperties
  return (
    <span className={css.face} style={style} data-bot={bot || undefined} aria-hidden="true">
      {bot ? <IconSparkles size={size * 0.55} stroke={1.8} /> : initials(name)}
      {isSafePicture(picture) && (
        <img className={css.picture} src={picture} alt="" loading="lazy" referrerPolicy="no-referrer" />
      )}
      {status && <span className={css.status} data-status={status} />}
    </span>
  )
}
