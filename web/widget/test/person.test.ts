import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Chat } from '../src/chat'
import { Hub } from '../src/model/hub'

/** What was asked of the server: method, path and body. */
let asked: { what: string; body: Record<string, unknown> }[] = []
/** What is refused as if the network were gone. */
let broken: string | undefined

beforeEach(() => {
  asked = []
  broken = undefined
  localStorage.clear()
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    const what = `${init.method} ${new URL(url).pathname}`
    const body = JSON.parse(String(init.body ?? '{}'))
    asked.push({ what, body })
    if (what === broken) throw new TypeError('no route')
    const { sub } = JSON.parse(atob(body.subject_token?.split('.')[1] ?? btoa('{"sub":"nobody"}')))
    const token = { access_token: 'x', refresh_token: 'r', subject: `con_${sub}`, expires_in: 3600 }
    // Nobody gets a socket here: these stories are about who one is.
    return what === 'POST /v1/token'
      ? new Response(JSON.stringify(token))
      : new Response(what === 'POST /v1/tickets' ? '{"code":"busy","title":"busy"}' : '{}', {
          status: what === 'POST /v1/tickets' ? 503 : 200,
        })
  })
})
afterEach(async () => {
  for (const chat of chats.splice(0)) await chat.end()
  vi.unstubAllGlobals()
})

const jwt = (sub: string): string => `x.${btoa(JSON.stringify({ sub }))}.y`
const times = (what: string): number => asked.filter((one) => one.what === what).length
const chats: Chat[] = []

/** A page. */
function page(): Chat {
  const chat = new Chat({ url: 'https://chat.example', account: 'acc_1' }, new Hub())
  chats.push(chat)
  return chat
}

async function signIn(chat: Chat, who: string): Promise<void> {
  chat.identify(jwt(who))
  await vi.waitFor(() => expect(chat.session.desk.value?.me?.id).toBe(`con_${who}`))
}

it('the next person finds nothing of the one before, on the same page or after a reload', async () => {
  const chat = page()
  await signIn(chat, 'ada')
  chat.write('Ada’s own words')
  chat.memory.set('introduced', true)
  chat.introduced.value = true
  chat.uploads.all.value = [{ id: 1, file: new File(['x'], 'x'), fraction: 0, problem: 'fileEmpty' }]
  await signIn(chat, 'bob')
  expect([chat.draft, chat.introduced.value, chat.uploads.all.value]).toEqual(['', false, []])
  chat.write('Bob’s')
  const reloaded = page()
  expect(reloaded.draft).toBe('')
  await signIn(reloaded, 'ada')
  expect([reloaded.draft, reloaded.introduced.value]).toEqual(['Ada’s own words', true])
})

it('of people whom their tokens do not tell apart nothing is kept', async () => {
  const chat = page()
  const nameless = `x.${btoa('{}')}.y`
  chat.identify(nameless)
  await vi.waitFor(() => expect(chat.session.desk.value).toBeDefined())
  chat.write('whose?')
  chat.identify(`${nameless}2`)
  await vi.waitFor(() => expect(chat.draft).toBe(''))
})

it('who signed out in another tab is gone from this one, which tells nobody again', async () => {
  const chat = page()
  await signIn(chat, 'ada')
  chat.settings.value = { ...chat.settings.value, token: jwt('ada') }
  chat.write('Ada’s')
  const desk = chat.session.desk.value
  // As if it had been heard of: the client says the same then.
  await desk?.signOut()
  expect([chat.session.desk.value, chat.draft, chat.session.identified.value]).toEqual([undefined, '', false])
  expect(chat.settings.value.token).toBeUndefined()
})

it('a sign-in that is overtaken by a sign-out does not bring one back', async () => {
  const chat = page()
  let come = (_: string): void => {}
  chat.identify(() => new Promise<string>((resolve) => (come = resolve)))
  await chat.forget()
  come(jwt('ada'))
  await new Promise((done) => setTimeout(done, 20))
  expect([chat.session.identified.value, times('POST /v1/token')]).toEqual([false, 0])
})

it('who was here with a name does not become somebody without one by coming back', async () => {
  const first = page()
  await signIn(first, 'ada')
  first.act()
  // And as the memory was kept before it was each person's own:
  localStorage.setItem('deskwire:acc_1', '{"acted":true}')
  const before = times('POST /v1/token')
  const next = page()
  next.session.resume()
  next.setAttributes({ level: 'vip' })
  await new Promise((done) => setTimeout(done, 20))
  expect([times('POST /v1/token'), next.session.connection.state]).toEqual([before, 'idle'])
  await next.say({ kind: 'text', text: 'Hello' })
  await vi.waitFor(() => expect(next.session.desk.value?.me?.id).toBe('con_nobody'))
})

it('what the page tells of the visitor is told again where it did not arrive, and once where it did', async () => {
  const chat = page()
  await signIn(chat, 'ada')
  const patch = 'PATCH /v1/contacts/con_ada'
  broken = patch
  chat.setAttributes({ level: 'vip' })
  await vi.waitFor(() => expect(times(patch)).toBe(1))
  broken = undefined
  chat.setAttributes({ city: 'Berlin' })
  await vi.waitFor(() => expect(times(patch)).toBe(2))
  expect(asked.findLast(({ what }) => what === patch)?.body).toEqual({
    attributes: { level: 'vip', city: 'Berlin' },
  })
  await new Promise((done) => setTimeout(done, 20))
  chat.setAttributes({ name: 'Ada' })
  await vi.waitFor(() => expect(times(patch)).toBe(3))
  expect(asked.findLast(({ what }) => what === patch)?.body).toEqual({ name: 'Ada' })
})
