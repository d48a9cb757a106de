import type { ReactNode } from 'react'
import css from './ui.module.css'

/** The frame of a management page: title, what it is for, what can be done, and the rest. */
export function Page(props: {
  title: ReactNode
  about?: ReactNode
  actions?: ReactNode
  wide?: boolean
  children: ReactNode
}) {
  return (
    <div className={css.page} data-wide={props.wide || undefined}>
      <PageHeader title={props.title} about={props.about} actions={props.actions} />
      {props.children}
    </div>
  )
}

/** A page's title with its actions beside it. */
export function PageHeader({
  title,
  about,
  actions,
}: {
  title: ReactNode
  about?: ReactNode
  actions?: ReactNode
}) {
  return (
    <header className={css.header}>
      <div>
        <h1 className={css.title}>{title}</h1>
        {about && <p className={css.about}>{about}</p>}
      </div>
      {actions && <div style={{ display: 'flex', gap: 8, flexWrap: 'wrap' }}>{actions}</div>}
    </header>
  )
}

/** A group of settings: what it is about on the left, its fields on the right. */
export function Section({
  title,
  about,
  children,
}: {
  title: ReactNode
  about?: ReactNode
  children: ReactNode
}) {
  return (
    <section className={css.section}>
      <div>
        <h2 className={css.sectionTitle}>{title}</h2>
        {about && <p className={css.about}>{about}</p>}
      </div>
      <div style={{ display: 'flex', flexDirection: 'column', gap: 16, minWidth: 0 }}>{children}</div>
    </section>
  )
}
