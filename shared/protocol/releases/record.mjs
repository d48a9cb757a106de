// Records what the present SDK sends, and the console through it, into sdk.jsonl: a message a line, as in a release's
// messages.jsonl. tests/releases holds each against what servers of every release take.
//
//   node shared/protocol/releases/record.mjs            (needs `npm ci` in web)
//   node shared/protocol/releases/record.mjs --check    fails where sdk.jsonl is not what the SDK sends now
//
// What only newer servers know gets `"since": "<version>"` in SINCE, by its action or definition.
import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

const here = new URL('./', import.meta.url)
const root = new URL('../../../', here)
const target = new URL('sdk.jsonl', here)

/** The first release whose servers know an action or a body; those that are not here, all do. */
const SINCE = {}

/** How long everything may take: it is all in this process. */
const MOST_SECONDS = 60

const openapi = JSON.parse(await readFile(new URL('web/schema/openapi.json', root), 'utf8'))
const lines = new Set()

/** The definition that the body of a route is of. */
function bodyOf(method, path) {
  for (const [template, operations] of Object.entries(openapi.paths)) {
    const form = new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+')}$`)
    if (!form.test(path)) continue
    const content = operations[method.toLowerCase()]?.requestBody?.content['application/json']
    return content?.schema.$ref.split('/').at(-1)
  }
  throw new Error(`the SDK calls ${method} ${path}, which is no route`)
}

function record(of, message) {
  const since = SINCE[message.action] ?? SINCE[of]
  lines.add(JSON.stringify({ ...(since && { since }), to: 'server', of, message }))
}

/** The SDK as browsers get it, from its sources. */
async function sdk() {
  const { resolve } = createRequire(new URL('web/package.json', root))
  const { build } = await import(pathToFileURL(resolve('vite')))
  const folder = fileURLToPath(new URL('web/sdk/', root))
  const made = await build({ root: folder, configFile: `${folder}vite.config.ts`, logLevel: 'warn', build: { write: false } })
  const [{ output }] = [made].flat()
  return import(`data:text/javascript;base64,${Buffer.from(output[0].code).toString('base64')}`)
}

const time = '2026-11-30T08:00:00Z'
const state = { status: 'active', since: time }

/** What a server answers to an action: as little as the SDK goes on with. */
function answer({ ref, action, conversation, client_id, after, team }, me) {
  const ack = { type: 'ack', ref, action }
  if (action === 'hello') {
    const resumed = { conversation: 'cnv_01K', head: 0, state, entries: [] }
    ack.welcome = { me, now: time, ping_seconds: 30, token_expires: '2036-11-30T08:00:00Z', conversations: [resumed] }
  }
  if (team) ack.list = { cursor: 'cursor', rows: [] }
  if (client_id) Object.assign(ack, { conversation: conversation ?? 'cnv_01K', seq: (after ?? 0) + 1, client_id })
  return ack
}

/** A browser without a page, and a server behind it. */
function platform(me) {
  let ids = 0
  return {
    async fetch(url, { method, body }) {
      const { pathname } = new URL(url)
      const of = bodyOf(method, pathname)
      if (body !== undefined) {
        const message = JSON.parse(body)
        const inAddress = /^\/v1\/conversations\/([^/]+)\/actions$/.exec(pathname)
        // A frame over HTTP has its conversation in the address.
        record(of, inAddress ? { ...message, conversation: inAddress[1] } : message)
      }
      const said = {
        '/v1/token': { access_token: 'token', subject: me.id, expires_in: 3600, refresh_token: 'refresh' },
        '/v1/tickets': { url: 'wss://chat.shop.example/ws?ticket=t' },
      }
      return new Response(JSON.stringify(said[pathname] ?? { data: [], head: 0, more: false, action: 'x' }))
    },
    socket() {
      const socket = { readyState: 1, close() {} }
      socket.send = (text) => {
        const frame = JSON.parse(text)
        record('ClientFrame', { ...frame, ref: '1' })
        queueMicrotask(() => socket.onmessage?.({ data: JSON.stringify(answer(frame, me)) }))
      }
      setTimeout(() => socket.onopen?.({}))
      return socket
    },
    now: () => Date.parse(time),
    after(seconds, then) {
      // What comes soon comes at once, so that nothing waits; time-outs never come.
      const timer = seconds <= 6 ? setTimeout(then) : undefined
      return () => clearTimeout(timer)
    },
    random: () => 0,
    uuid: () => `id-${++ids}`,
    kept: () => undefined,
    keep() {},
    indexedDB: undefined,
    locks: undefined,
    channel: undefined,
    visible: () => true,
    networked: () => true,
    listen: () => () => {},
  }
}

const conversation = 'cnv_01K'
const text = { kind: 'text', text: '你好' }
const picture = { kind: 'image', attachment: 'att_01K', name: 'a.png', media_type: 'image/png', size: 7 }
const card = { kind: 'card', title: 'Your order', buttons: [{ label: 'Cancel it', postback: 'cancel' }] }

/** Waits until all that was begun is said. */
async function settled(desk) {
  for (let quiet = 0, before = -1; quiet < 5; ) {
    await new Promise((done) => setTimeout(done, 20))
    quiet = lines.size === before && desk.outbox.length === 0 ? quiet + 1 : 0
    before = lines.size
  }
}

async function visitor({ Deskwire }) {
  const desk = new Deskwire(
    { url: 'https://chat.shop.example', account: 'acc_demo', inbox: 'inb_web', credentials: { kind: 'anonymous' } },
    platform({ kind: 'visitor', id: 'con_01K' }),
  )
  desk.start()
  await desk.send(text)
  await settled(desk)
  await desk.send(picture)
  desk.typing(conversation, true)
  desk.read(conversation, 1)
  await desk.postback(conversation, 1, 'cancel')
  await desk.rate(conversation, 5, 'Thank you')
  await desk.rate(conversation, 4)
  await desk.feedback(conversation, 1, true)
  await desk.conversation(conversation).open()
  // Announced; there is nothing here to put the bytes to.
  await desk.upload(new Blob(['picture'], { type: 'image/png' }), { name: 'a.png' }).catch(() => {})
  await desk.http('PATCH', '/v1/contacts/con_01K', { name: 'Li', email: 'li@example.com' })
  await settled(desk)
  await desk.stop()
}

async function agent({ Deskwire }) {
  const credentials = { kind: 'company', token: async () => 'jwt', scope: 'agent' }
  const desk = new Deskwire(
    { url: 'https://chat.shop.example', account: 'acc_demo', credentials },
    platform({ kind: 'agent', id: 'agt_anna' }),
  )
  desk.start()
  await settled(desk)
  await desk.send(card, { conversation })
  await desk.note(conversation, { text: 'He is right', mentions: ['agt_bea'] })
  await desk.note(conversation, { content: card })
  await desk.feedback(conversation, 1, false, 'order.status')
  await desk.presence('online', 5)
  await desk.presence('away')
  await desk.watch('tea_support')
  await desk.watch('tea_support')
  await desk.unwatch('tea_support')
  // As the console writes them (web/console/src/chat/actions).
  const actions = [
    { action: 'ping' },
    { action: 'sync', conversation, after: 0 },
    { action: 'accept', conversation },
    { action: 'decline', conversation },
    { action: 'assign', conversation, agent: 'agt_bea' },
    { action: 'transfer', conversation, to: { team: 'tea_support' }, note: 'Speaks Chinese' },
    { action: 'transfer', conversation, to: { agent: 'agt_bea' } },
    { action: 'close', conversation, reason: 'Done' },
    { action: 'close', conversation },
    { action: 'reopen', conversation },
    { action: 'snooze', conversation, until: time },
    { action: 'review', conversation, entry: 1, release: true },
    { action: 'call_bot', conversation },
    { action: 'label', conversation, add: ['refund'], remove: [] },
  ]
  for (const action of actions) await desk.do(action)
  await settled(desk)
  await desk.stop()
  // Without a socket they go over HTTP.
  await desk.do({ action: 'close', conversation })
}

setTimeout(() => {
  process.stderr.write(`the SDK still waits after ${MOST_SECONDS} seconds: what is it that the server in this file does not answer?\n`)
  process.exit(1)
}, MOST_SECONDS * 1000).unref()

const module = await sdk()
await visitor(module)
await agent(module)
const made = `${[...lines].sort().join('\n')}\n`
if (!process.argv.includes('--check')) await writeFile(target, made)
else if ((await readFile(target, 'utf8')) !== made) {
  process.stderr.write('sdk.jsonl is not what the SDK sends now: run `node shared/protocol/releases/record.mjs`\n')
  process.exitCode = 1
}
