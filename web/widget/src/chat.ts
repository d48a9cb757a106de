import type { Content, Conversation, EntryView, Pending, Visitor } from '@deskwire/sdk'
import { Problem } from '@deskwire/sdk'
import type { Attributes, Settings, Token } from './api'
import { CONFIG_AGE, CONFIG_PATIENCE, COUNT_FROM, CUT_PATIENCE } from './limits'
import { Addresses } from './model/addresses'
import { Chime, TitleFlash } from './model/attention'
import { answersNow, defaultConfig, fetchConfig, type WidgetConfig } from './model/config'
import { contactPatch } from './model/contact'
import type { Hub } from './model/hub'
import { Memory } from './model/memory'
import { People } from './model/people'
import { grouped, labelOf, logRows, pendingRow, type Row, streamedRow, unreadIn, visible } from './model/rows'
import { Session } from './model/session'
import { Threads } from './model/threads'
import { Uploads } from './model/uploads'
import { Cell, changed, Derived, watch } from './state'
import { chooseLocale, loadTexts, type Texts, validTag } from './texts'

/** An entry is announced by a tone if it is younger than this, in milliseconds: what one missed yesterday is not news. */
const NEWS = 60_000

/** What of a draft makes a difference to what is shown: whether there is one, and its length where that is said. */
function looks(draft: string): number {
  return draft.length > COUNT_FROM ? draft.length : Number(draft.trim() !== '')
}

/** One chat on a page, from `boot` to `shutdown`: its state, and what the visitor can do. */
export class Chat {
  readonly settings
  readonly config
  readonly isOpen = new Cell(false)
  /** Whether the list stands at its end, so that what comes is seen. */
  readonly atEnd = new Cell(true)
  readonly seen = new Cell(!document.hidden)
  /** What stands in the composer. */
  draft = ''
  readonly introduced = new Cell(false)
  /** Why nobody can chat here: there is no such account or inbox. */
  readonly refusal = new Cell<Problem | undefined>(undefined)
  /** Whether the connection has been gone for long enough to be said. */
  readonly cut = new Cell(false)
  readonly session: Session
  readonly threads = new Threads()
  readonly people = new People()
  readonly uploads = new Uploads(() => this.act())
  readonly addresses = new Addresses(() => this.session.desk.value)
  readonly memory: Memory
  /** Whether the visitor had been here before this page. */
  returns = false

  readonly locale = new Derived(() => {
    const own = this.settings.value.locale
    return validTag(own ?? chooseLocale(navigator.languages))
  })
  readonly texts = new Derived(() => {
    if (!this.#texts.value) throw new Error()
    return this.#texts.value
  })

  /** The conversation that goes on, or ended last. */
  readonly current = new Derived<Conversation | undefined>(() => this.threads.current)
  readonly status = new Derived(() => this.current.value?.state?.status)
  readonly rows = new Derived<Row[]>(() => {
    const desk = this.session.desk.value
    const me = desk?.me?.id ?? undefined
    const logs = this.threads.shown.value.flatMap((conversation) => logRows(conversation, me))
    const waiting = (desk?.outbox ?? []).flatMap((pending) => this.#pendingRow(pending))
    const streaming = this.current.value?.streaming
    const written = streaming ? [streamedRow(streaming)] : []
    const stored = new Set(logs.map((row) => row.key))
    return grouped([...logs, ...[...written, ...waiting].filter((row) => !stored.has(row.key))])
  })
  readonly unread = new Derived(() => {
    const current = this.current.value
    if (!current) return 0
    const own = current.read[this.session.desk.value?.me?.id ?? ''] ?? 0
    return unreadIn(current.entries, Math.max(own, this.memory.readUpTo(current.id)))
  })

  readonly #texts = new Cell<Texts | undefined>(undefined)
  readonly #hub: Hub
  readonly #flash = new TitleFlash()
  readonly #chime = new Chime()
  readonly #ends: (() => void)[] = []
  #configAt = 0
  #count = 0
  #said = ''
  #timer: ReturnType<typeof setTimeout> | undefined
  #attributes: Attributes = {}

  constructor(settings: Settings, hub: Hub) {
    this.#hub = hub
    this.settings = new Cell(settings)
    this.config = new Cell<WidgetConfig>(defaultConfig(settings.account))
    this.memory = new Memory(settings.account)
    this.#recall()
    const { url, account, inbox } = settings
    this.session = new Session(
      { url, account, inbox },
      this.memory,
      (desk) => this.#follow(desk),
      (named) => this.#becomes(named),
    )
    this.#watch()
  }

  /** Takes up what was before: identity, conversation, what was not sent. */
  async begin(): Promise<void> {
    const { token, open } = this.settings.value
    if (token) this.identify(token)
    else this.session.resume()
    // A launcher in the wrong colour that jumps is worse than one that comes a moment later; but it comes.
    const config = Promise.race([
      this.refreshConfig(),
      new Promise((done) => setTimeout(done, CONFIG_PATIENCE)),
    ])
    await Promise.all([config, this.speak()])
    if (open) this.open()
  }

  /** Gets the words of the language that is set now. */
  async speak(): Promise<void> {
    this.#texts.value = await loadTexts(this.locale.value)
  }

  /** Lets go of everything that lasts. */
  async end(): Promise<void> {
    for (const end of this.#ends) end()
    clearTimeout(this.#timer)
    this.uploads.clear()
    this.#flash.stop()
    this.#chime.end()
    await this.session.stop()
  }

  open(): void {
    if (this.isOpen.value) return
    this.isOpen.value = true
    this.#flash.stop()
    this.#chime.allow()
    void this.refreshConfig()
    this.#hub.emit('open', {})
  }

  close(): void {
    if (!this.isOpen.value) return
    this.isOpen.value = false
    this.#hub.emit('close', {})
  }

  identify(token: Token): void {
    this.session.identify(token).catch((error: unknown) => this.complain(error))
  }

  /** Keeps more about the visitor, and tells the server once there is somebody to tell about. */
  setAttributes(attributes: Attributes): void {
    this.#attributes = { ...this.#attributes, ...attributes }
    void this.#tellAttributes()
  }

  /** The visitor signed out at the company, here or in another tab that was `heard` of: nothing of them stays. */
  async forget(heard = false): Promise<void> {
    const { token: _, ...settings } = this.settings.value
    this.settings.value = settings
    await this.session.forget(heard).catch((error: unknown) => this.complain(error))
  }

  /** The client; the visitor acts. */
  act(): Visitor {
    if (this.refusal.value) throw this.refusal.value
    this.#chime.allow()
    return this.session.act()
  }

  /** Says something. */
  async say(content: Content): Promise<void> {
    this.atEnd.value = true
    await this.act().send(content)
  }

  /** Keeps what stands in the composer, and tells that one is writing. */
  write(text: string): void {
    const before = this.draft
    this.draft = text
    this.memory.set('draft', text)
    if (looks(before) !== looks(text)) changed()
    const current = this.current.value
    if (current && this.status.value !== 'closed') {
      this.session.desk.value?.typing(current.id, text.trim() !== '')
    }
  }

  /** Does something beside a message: what is shown of it is in the outbox, and then in the log. */
  async do(how: (desk: Visitor) => Promise<Pending>): Promise<void> {
    try {
      await how(this.act())
    } catch (error) {
      this.complain(error)
    }
  }

  /** Tells the form's answers, if any, and says the message that came with them. */
  async introduce(values: Attributes, message: string | undefined): Promise<void> {
    this.act()
    await this.#tell(values)
    if (message) await this.say({ kind: 'text', text: message })
    this.memory.set('introduced', true)
    this.introduced.value = true
  }

  /** Takes a refused text back into the composer. */
  async edit(pending: Pending): Promise<void> {
    if (pending.content?.kind !== 'text') return
    const before = this.draft
    this.write(before ? `${pending.content.text}\n${before}` : pending.content.text)
    await this.session.desk.value?.discard(pending.clientId)
  }

  /** Reads the configuration anew, unless it just was. */
  async refreshConfig(): Promise<void> {
    if (Date.now() - this.#configAt < CONFIG_AGE) return
    this.#configAt = Date.now()
    const { url, account, inbox } = this.settings.value
    try {
      this.config.value = await fetchConfig(url, account, inbox)
      this.refusal.value = undefined
    } catch (error) {
      // The chat works by its defaults; the next opening asks again.
      this.#configAt = 0
      const problem = Problem.of(error)
      if (problem.code === 'not_found') this.refusal.value = problem
      this.complain(problem, 'config')
    }
  }

  /** Tells the page of a failure that nobody sees in the panel. */
  complain(error: unknown, code?: string): void {
    const problem = Problem.of(error)
    this.#hub.emit('error', { code: code ?? problem.code, message: problem.message })
  }

  /** What is kept of whoever it is. */
  #recall(): void {
    this.returns = this.memory.acted
    this.draft = this.memory.get('draft') ?? ''
    this.introduced.value = this.memory.get('introduced') ?? false
  }

  /** Somebody else is here: nothing of the one before stays. What the page told of one without a name is theirs. */
  #becomes(named: boolean): void {
    this.uploads.clear()
    if (named) this.#attributes = {}
    this.threads.follow(undefined)
    this.#recall()
    changed()
  }

  #pendingRow(pending: Pending): Row[] {
    const content = pending.action === 'send' ? pending.content : this.#pressed(pending)
    return content ? [pendingRow(pending, content)] : []
  }

  /** What a pressed button says; a refusal to press stands beside the card. */
  #pressed({ frame, status }: Pending): Content | undefined {
    if (frame.action !== 'postback' || status === 'refused') return undefined
    const log = this.threads.shown.value.find(({ id }) => id === frame.conversation)
    const text = log && labelOf(log.entries, frame.card, frame.value)
    return text ? { kind: 'text', text } : undefined
  }

  #follow(desk: Visitor): (() => void)[] {
    this.threads.follow(desk)
    return [
      desk.on('connection', () => {
        const { state, problem } = desk.connection
        if (state === 'refused') this.complain(problem)
        if (state !== 'online') return
        this.threads.refresh()
        void this.threads.find()
        void this.#tellAttributes()
      }),
      desk.on('conversation', (conversation) => {
        this.threads.refresh()
        this.people.learn(desk, conversation)
        const status = conversation.state?.status
        const said = `${conversation.id} ${status}`
        if (!status || said === this.#said) return
        this.#said = said
        this.#hub.emit('conversation', { id: conversation.id, status })
      }),
      desk.on('entry', (entry) => this.#heard(entry)),
      desk.on('signedOut', () => void this.forget(true)),
    ]
  }

  #heard(view: EntryView): void {
    const entry = visible(view)
    if (entry?.type !== 'message') return
    const { id, conversation, seq, content, by } = entry
    const text = 'text' in content && content.text ? { text: content.text } : {}
    this.#hub.emit('message', { id, conversation, seq, from: by.kind, ...text })
    if (by.kind === 'visitor' || Date.now() - Date.parse(entry.at) > NEWS) return
    if (this.isOpen.value && this.seen.value) return
    if (this.config.value.settings.sound) this.#chime.ring()
    this.#flash.flash(`● ${this.texts.value.newMessages}`)
  }

  async #tellAttributes(): Promise<void> {
    // Nobody is made somebody by what is told of them.
    if (!this.session.desk.value?.me) return
    const attributes = this.#attributes
    const done = (): void => {
      if (this.#attributes === attributes) this.#attributes = {}
    }
    await this.#tell(attributes).then(done, (error: unknown) => {
      // What time may mend is told again with the next connection.
      if (!Problem.of(error).passing) done()
      this.complain(error)
    })
  }

  async #tell(values: Attributes): Promise<void> {
    const patch = contactPatch(values)
    if (Object.keys(patch).length === 0) return
    const desk = this.session.ensure()
    const contact = await desk.identity()
    await desk.http('PATCH', `/v1/contacts/${encodeURIComponent(contact)}`, patch)
  }

  #watch(): void {
    const look = (): void => {
      this.seen.value = !document.hidden
      if (this.seen.value) this.#flash.stop()
      this.#patience()
    }
    const events = [
      [document, 'visibilitychange'],
      [window, 'online'],
      [window, 'offline'],
    ] as const
    for (const [target, event] of events) {
      target.addEventListener(event, look)
      this.#ends.push(() => target.removeEventListener(event, look))
    }
    this.#ends.push(watch(() => this.#look()))
  }

  #look(): void {
    this.#read()
    this.#patience()
    const count = this.unread.value
    if (count !== this.#count) this.#hub.emit('unread', { count })
    this.#count = count
  }

  /** What stands before the visitor's eyes is read. */
  #read(): void {
    const current = this.current.value
    if (!current || !this.isOpen.value || !this.seen.value || !this.atEnd.value) return
    const last = current.entries.at(-1)?.seq ?? 0
    if (last <= this.memory.readUpTo(current.id)) return
    this.memory.keepRead(current.id, last)
    this.session.desk.value?.read(current.id, last)
    changed()
  }

  #patience(): void {
    const { state } = this.session.connection
    // The browser knows of a cut before the socket does.
    const fine = state === 'idle' || state === 'refused' || (state === 'online' && navigator.onLine)
    if (fine) {
      clearTimeout(this.#timer)
      this.#timer = undefined
      this.cut.value = false
    } else {
      this.#timer ??= setTimeout(() => {
        this.cut.value = true
      }, CUT_PATIENCE)
    }
  }
}

/** What is asked before anything is said: to sign in; who one is; or, while nobody is there, a message too. */
export function asks(chat: Chat): 'sign_on' | 'who' | 'message' | undefined {
  const { settings, require_sign_on } = chat.config.value
  const identified = chat.session.identified.value
  if (require_sign_on && !identified) return 'sign_on'
  if (chat.introduced.value || chat.rows.value.length > 0) return undefined
  if (settings.offline_form.length > 0 && !answersNow(chat.config.value)) return 'message'
  return settings.pre_chat.length > 0 && !identified ? 'who' : undefined
}
