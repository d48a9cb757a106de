import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { cssColour, parseColour, type Rgb, readableAs, readableOn } from '../contrast'
import { BADGE_MOST } from '../limits'
import { watch } from '../state'
import { useChat } from './context'
import { Icon } from './icons'
import { useMedia } from './media'
import { Panel } from './panel'

/** The softest backgrounds on which a text in the brand's colour stands, light and dark. */
const LIGHT: Rgb = [241, 243, 247]
const DARK: Rgb = [38, 42, 51]

/** Keys that the page must not take for its own shortcuts while the visitor writes. */
const KEY_EVENTS = ['keydown', 'keypress', 'keyup'] as const

/** Puts colours that read on the brand's colour, whatever it is, beside it. */
function useColours(
  root: RefObject<HTMLDivElement | null>,
  setting: string | null | undefined,
  dark: boolean,
): void {
  useLayoutEffect(() => {
    const element = root.current
    if (!element) return
    const { style } = element
    if (setting && CSS.supports('color', setting)) style.setProperty('--dw-setting', setting)
    else style.removeProperty('--dw-setting')
    // The page's own --deskwire-colour may be anything; the browser says what it comes to.
    const brand = parseColour(getComputedStyle(element).outlineColor)
    if (!brand) return
    const readable = readableOn(brand)
    style.setProperty('--dw-on-brand', cssColour(readable))
    style.setProperty('--dw-shade', readable[0] ? '0 0 0' : '255 255 255')
    style.setProperty('--dw-accent', cssColour(readableAs(brand, dark ? DARK : LIGHT)))
  }, [setting, dark])
}

/** On a phone the keyboard covers a part of the page: the panel keeps to what can be seen. */
function useVisiblePart(root: RefObject<HTMLDivElement | null>): void {
  useEffect(() => {
    const view = window.visualViewport
    if (!view) return undefined
    const fit = (): void => {
      const style = root.current?.style
      style?.setProperty('--dw-visible', `${view.height}px`)
      style?.setProperty('--dw-top', `${view.offsetTop}px`)
    }
    fit()
    view.addEventListener('resize', fit)
    view.addEventListener('scroll', fit)
    return () => {
      view.removeEventListener('resize', fit)
      view.removeEventListener('scroll', fit)
    }
  }, [])
}

/** Focus comes back to the launcher, or to where it was, unless the visitor has gone elsewhere. */
function useFocusBack(root: RefObject<HTMLDivElement | null>, open: boolean): void {
  const from = useRef<Element | null>(null)
  useEffect(() => {
    const now = document.activeElement
    if (open) from.current = now
    else if (from.current && (!now || now === document.body || now.shadowRoot)) {
      const back = root.current?.querySelector('.launcher') ?? from.current
      if (back instanceof HTMLElement) back.focus()
    }
  }, [open])
}

/** All of the widget. */
export function App({ page }: { page: boolean }) {
  const [, redraw] = useState({})
  useEffect(() => watch(() => redraw({})), [])
  const chat = useChat()
  const settings = chat.settings.value
  const config = chat.config.value
  const root = useRef<HTMLDivElement>(null)
  const systemDark = useMedia('(prefers-color-scheme: dark)')
  const dark = settings.theme === 'dark' || (settings.theme !== 'light' && systemDark)
  const open = chat.isOpen.value || page
  const bare = settings.hideLauncher === true
  useColours(root, settings.colour ?? config.settings.colour, dark)
  useVisiblePart(root)
  useFocusBack(root, open)
  useEffect(() => {
    const keep = (event: Event): void => event.stopPropagation()
    for (const name of KEY_EVENTS) root.current?.addEventListener(name, keep)
  }, [])
  const classes = ['root', dark && 'dark', page && 'page', bare && 'bare', open && 'opened']
  classes.push(settings.position ?? config.settings.position)
  return (
    <div ref={root} class={classes.filter(Boolean).join(' ')} lang={chat.locale.value}>
      {open && <Panel page={page} />}
      {!page && !bare && <Launcher />}
    </div>
  )
}

function Launcher() {
  const chat = useChat()
  const texts = chat.texts.value
  const open = chat.isOpen.value
  const unread = open ? 0 : chat.unread.value
  const label = unread ? texts.openChatUnread(unread) : open ? texts.closeChat : texts.openChat
  return (
    <button
      type="button"
      class="launcher"
      aria-label={label}
      aria-haspopup="dialog"
      aria-expanded={open}
      onClick={() => (open ? chat.close() : chat.open())}
    >
      <Icon key={String(open)} name={open ? 'down' : 'chat'} size={30} />
      {unread > 0 && (
        <span class="badge" aria-hidden="true">
          {unread > BADGE_MOST ? `${BADGE_MOST}+` : unread}
        </span>
      )}
    </button>
  )
}
