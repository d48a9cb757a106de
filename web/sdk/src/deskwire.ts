/** The one object that a page holds. */

import { Lists, Watchers } from './lists'
import { browser, type Platform } from './platform'
import { Problem } from './problem'
import type {
  Ack,
  ActionFrame,
  Content,
  ListRow,
  Options,
  Pending,
  PresenceStatus,
  ServerFrame,
} from './types'
import { Visitor } from './visitor'

/** Seconds after which a conversation is followed again that was taken from this agent while they look at it: the server
 * takes the socket off it a moment after it has said so. */
const FOLLOW_AGAIN_SECONDS = 2

/** What may give a conversation to somebody else. */
const MOVES = new Set(['assigned', 'queued', 'transfer_ended'])

/** A client of Deskwire: a visitor or an agent. */
export class Deskwire extends Visitor {
  readonly #lists: Lists

  constructor(options: Options, platform: Platform = browser()) {
    super(options, platform)
    const { core } = this
    this.#lists = new Lists(core, (change) => core.emitter.emit('inbox', change))
    const watchers = new Watchers()
    core.needed = (...asked) => watchers.needed(...asked)
    core.other = (frame) => this.#frame(frame)
    core.emitter.on('entry', (entry, { id }) => {
      if ('type' in entry && MOVES.has(entry.type)) this.#mayBeTaken(id)
    })
    core.emitter.on('connection', ({ state }) => {
      if (state === 'online') void this.#lists.resume()
    })
  }

  /** Writes a note that only agents see. */
  note(
    conversation: string,
    note: { text?: string; content?: Content; mentions?: string[] },
  ): Promise<Pending> {
    this.core.signals.sent(conversation)
    return this.core.post({
      action: 'note',
      ...this.where(conversation),
      text: note.text ?? '',
      ...(note.content && { content: note.content }),
      ...(note.mentions && note.mentions.length > 0 && { mentions: note.mentions }),
    })
  }

  /** Does anything else; over HTTP while there is no socket. Throws a {@link Problem}. */
  async do(action: ActionFrame): Promise<Ack> {
    const { core } = this
    const ack = await (core.isOnline ? core.request(action) : this.#overHttp(action))
    core.acked(ack)
    return ack
  }

  /** An agent says whether they are there, and for how many conversations; what is left out stays. */
  presence(status?: PresenceStatus, capacity?: number): Promise<Ack> {
    return this.do({
      action: 'presence',
      ...(status !== undefined && { status }),
      ...(capacity !== undefined && { capacity }),
    })
  }

  /** Follows a team's list: its rows now, and `inbox` events from then on. Waits for the connection. */
  async watch(team: string): Promise<ListRow[]> {
    await this.#online()
    return this.#lists.watch(team)
  }

  /** Follows it no longer. */
  unwatch(team: string): Promise<void> {
    return this.#lists.unwatch(team)
  }

  #overHttp(action: ActionFrame): Promise<Ack> {
    if (!('conversation' in action) || !action.conversation) {
      return Promise.reject(Problem.notConnected())
    }
    const { conversation, ...body } = action
    const path = `/v1/conversations/${encodeURIComponent(conversation)}/actions`
    return this.http<Ack>('POST', path, body, { idempotencyKey: this.core.platform.uuid() })
  }

  /** Resolves as soon as there is a connection. */
  #online(): Promise<void> {
    if (this.core.isOnline) return Promise.resolve()
    return new Promise((online) => {
      const stop = this.on('connection', ({ state }) => {
        if (state !== 'online') return
        stop()
        online()
      })
    })
  }

  /** Somebody else has it now, perhaps: whoever looks at it goes on doing so. */
  #mayBeTaken(id: string): void {
    const { conversations, platform, self } = this.core
    if (!self?.startsWith('agt_') || !conversations.view(id).opened) return
    platform.after(FOLLOW_AGAIN_SECONDS, () => conversations.followAgain(id))
  }

  #frame(frame: ServerFrame): void {
    if (frame.type === 'presence') this.core.emitter.emit('presence', frame)
    else if (frame.type === 'contact') this.core.emitter.emit('contact', frame)
    else if (frame.type === 'notice') this.core.emitter.emit('notice', frame)
    else if (frame.type === 'mention') this.core.emitter.emit('mention', frame)
    else if (frame.type === 'inbox') this.#lists.pushed(frame)
  }
}
