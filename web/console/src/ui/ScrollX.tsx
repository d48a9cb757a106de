import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useWords } from '../app/words'
import css from './ui.module.css'

/** What may be wider than the page, such as a table: it scrolls by itself, and the keyboard reaches it where it does. */
export function ScrollX({ children }: { children: ReactNode }) {
  const { t } = useWords()
  const ref = useRef<HTMLElement>(null)
  const [wider, setWider] = useState(false)
  useEffect(() => {
    const box = ref.current
    if (!box) return
    const observer = new ResizeObserver(() => setWider(box.scrollWidth > box.clientWidth))
    observer.observe(box)
    if (box.firstElementChild) observer.observe(box.firstElementChild)
    return () => observer.disconnect()
  }, [])
  return (
    <section
      ref={ref}
      className={css.scroll}
      {...(wider ? { tabIndex: 0, 'aria-label': t('ui.wide_table') } : {})}
    >
      {children}
    </section>
  )
}
