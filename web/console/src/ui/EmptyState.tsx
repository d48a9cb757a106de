import type { ComponentType, ReactNode } from 'react'
import css from './ui.module.css'

/** An icon of the icon set. */
export type Icon = ComponentType<{ size?: number | string; stroke?: number | string }>

/** What is said in the place of a list that has nothing in it: why, and what to do. */
export function EmptyState(props: {
  icon?: Icon | undefined
  title: ReactNode
  about?: ReactNode
  action?: ReactNode
}) {
  const Icon = props.icon
  return (
    <div className={css.empty}>
      {Icon && (
        <span className={css.emptyIcon} aria-hidden>
          <Icon size={22} stroke={1.6} />
        </span>
      )}
      <strong style={{ fontSize: 14, fontWeight: 600 }}>{props.title}</strong>
      {props.about && (
        <span className={css.about} style={{ maxWidth: '46ch' }}>
          {props.about}
        </span>
      )}
      {props.action && <div style={{ marginTop: 10 }}>{props.action}</div>}
    </div>
  )
}
