import { Link } from '@tanstack/react-router'
import { InboxNav } from '../chat/InboxNav'
import { useMe } from './api'
import css from './Shell.module.css'
import { pagesFor, pathOf, type Section } from './sections'
import { useWords } from './words'

/** What the chosen part of the console has: lists of conversations, or pages. */
export function SideNav({ section }: { section: Section }) {
  const { t } = useWords()
  return (
    <aside className={css.side} data-section={section} aria-label={t(`section.${section}`)}>
      <h2 className={css.sideTitle}>{t(`section.${section}`)}</h2>
      {section === 'inbox' ? <InboxNav /> : <PageLinks section={section} />}
    </aside>
  )
}

function PageLinks({ section }: { section: Exclude<Section, 'inbox'> }) {
  const { t } = useWords()
  const { role } = useMe()
  return (
    <nav className={css.links}>
      {pagesFor(role, section).map((page) => {
        const { icon: Icon } = page
        return (
          <Link key={page.path} to={pathOf(page)} className={css.link} activeProps={{ 'data-active': true }}>
            <Icon size={17} stroke={1.7} />
            <span className={css.linkText}>{t(page.titleKey)}</span>
          </Link>
        )
      })}
    </nav>
  )
}
