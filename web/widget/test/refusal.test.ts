import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Widget } from '../src/widget'

/** What was asked of the server. */
let asked: string[] = []

/** A server that says the same to everybody. */
function serverSays(status: number, body: unknown): void {
  vi.stubGlobal('fetch', async (url: string) => {
    asked.push(new URL(url).pathname)
    return new Response(JSON.stringify(body), { status })
  })
}

beforeEach(() => {
  asked = []
  localStorage.clear()
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe(): void {}
      disconnect(): void {}
    },
  )
})
afterEach(() => {
  vi.unstubAllGlobals()
})

/** The message of the next error with a code; begun before what leads to it. */
function told(widget: Widget, code: string): Promise<string> {
  return new Promise((resolve) => {
    widget.on('error', (error) => error.code === code && resolve(error.message))
  })
}

const NOT_FOUND = { code: 'not_found', title: 'There is nothing with this id.', status: 404 }

it('where the account is unknown nobody is said to be there, and nothing is sent', async () => {
  serverSays(404, NOT_FOUND)
  const widget = new Widget({ url: 'https://chat.example', account: 'acc_x', locale: 'en', open: true })
  const ready = new Promise((resolve) => widget.on('ready', resolve))
  const config = told(widget, 'config')
  widget.boot()
  await ready
  expect(await config).toBe(NOT_FOUND.title)
  const shown = document.querySelector('deskwire-widget')?.shadowRoot
  expect(shown?.querySelector('.panel')?.textContent).toContain('This is not there any more.')
  expect(shown?.textContent).not.toContain('We are online')
  expect(shown?.querySelector('textarea, form')).toBeNull()
  const refused = told(widget, 'not_found')
  widget.send('Hello?')
  await refused
  expect(new Set(asked)).toEqual(new Set(['/v1/widget']))
  expect(localStorage.length).toBe(0)
  widget.shutdown()
})

it('the page is told of a token that is refused', async () => {
  serverSays(401, { code: 'sign_on_refused', title: 'This token was not accepted.', status: 401 })
  const widget = new Widget({ url: 'https://chat.example', account: 'acc_x', locale: 'en', token: 'x.y.z' })
  const refused = told(widget, 'sign_on_refused')
  widget.boot()
  expect(await refused).toBe('This token was not accepted.')
  widget.shutdown()
})

it('what is no text and no function is refused at the call', () => {
  const widget = new Widget({ url: 'https://chat.example', account: 'acc_x' })
  expect(() => widget.on('message', undefined as never)).toThrow(TypeError)
  expect(() => widget.send({} as never)).toThrow(TypeError)
  expect(() => widget.identify({} as never)).toThrow(TypeError)
})
