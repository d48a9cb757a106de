import { render } from 'preact'
import type { Chat } from '../chat'
import base from '../style/base.css?inline'
import forms from '../style/forms.css?inline'
import messages from '../style/messages.css?inline'
import panel from '../style/panel.css?inline'
import { App } from './app'
import { show } from './context'

/** The name of the element that holds the widget; pages set its CSS variables by it. */
const HOST = 'deskwire-widget'

/** The style, made by script: a page's policy against inline styles has nothing to refuse. */
function sheet(): CSSStyleSheet {
  const style = new CSSStyleSheet()
  style.replaceSync(base + messages + forms + panel)
  return style
}

/** Puts the widget into the page, in a shadow tree of its own. Gives what takes it out again. */
export function mount(chat: Chat, page: boolean): () => void {
  const host = document.createElement(HOST)
  const shadow = host.attachShadow({ mode: 'open' })
  shadow.adoptedStyleSheets = [sheet()]
  document.body.append(host)
  show(chat)
  render(<App page={page} />, shadow)
  return () => {
    render(null, shadow)
    host.remove()
    show(undefined)
  }
}
