import type { Conversation, ListRow, Visitor } from '@deskwire/sdk'
import { EARLIER_CONVERSATIONS, EARLIER_ENTRIES } from '../limits'
import { Cell } from '../state'

/** All that a conversation may be: a visitor's list has open ones only unless it asks for more. */
const ANY_STATUS = 'bot,queued,active,transferring,snoozed,closed'

/** The visitor's conversations, the oldest first: the current one, and those before it as one scrolls back. */
export class Threads {
  /** Those that are shown. */
  readonly shown = new Cell<readonly Conversation[]>([])
  /** Whether it is known what was before. */
  readonly searched = new Cell(false)
  /** Whether earlier entries are being loaded. */
  readonly loading = new Cell(false)
  /** Whether loading them failed. */
  readonly failed = new Cell(false)

  #desk: Visitor | undefined
  #before: ListRow[] | undefined

  /** The conversation that goes on, or ended last. */
  get current(): Conversation | undefined {
    return this.shown.value.at(-1)
  }

  /** Whether there is more to scroll back to, as far as is known. */
  get hasEarlier(): boolean {
    return this.shown.value[0]?.hasEarlier === true || (this.#before?.length ?? 0) > 0
  }

  /** Follows a client; none, where the visitor is nobody again. */
  follow(desk: Visitor | undefined): void {
    this.#desk = desk
    this.#before = undefined
    this.shown.value = []
    this.failed.value = this.searched.value = false
  }

  /** Takes up the client's current conversation, which may have just begun. */
  refresh(): void {
    const current = this.#desk?.current
    if (!current || this.shown.value.some((one) => one.id === current.id)) return
    this.shown.value = [...this.shown.value, current]
  }

  /** Finds the last conversation where none is open, and what lies before it. */
  async find(): Promise<void> {
    const desk = this.#desk
    if (!desk || this.#before) return
    this.#before = []
    try {
      const query = `status=${ANY_STATUS}&limit=${EARLIER_CONVERSATIONS}`
      const { data } = await desk.http<{ data: ListRow[] }>('GET', `/v1/conversations?${query}`)
      if (desk !== this.#desk) return
      this.refresh()
      // What came while the page was away counts as unread on the launcher.
      await this.current?.open()
      this.#before = data
        .filter((row) => !this.shown.value.some((one) => one.id === row.conversation))
        .sort((a, b) => b.created.localeCompare(a.created))
      if (!this.current) await this.loadEarlier()
    } catch {
      // The history can be asked for again; the chat itself does not need it.
      if (desk === this.#desk) this.#before = undefined
    } finally {
      this.searched.value = true
    }
  }

  /** Loads what lies before the first entry that is shown, from an earlier conversation if need be. */
  async loadEarlier(): Promise<void> {
    const desk = this.#desk
    if (!desk || this.loading.value) return
    this.loading.value = true
    this.failed.value = false
    try {
      const first = this.shown.value[0]
      if (first?.hasEarlier) await first.loadEarlier(EARLIER_ENTRIES)
      else await this.#openBefore(desk)
    } catch {
      this.failed.value = true
    } finally {
      this.loading.value = false
    }
  }

  async #openBefore(desk: Visitor): Promise<void> {
    const row = this.#before?.[0]
    if (!row) return
    const conversation = desk.conversation(row.conversation)
    await conversation.open()
    if (desk !== this.#desk) return
    this.#before = this.#before?.slice(1)
    this.shown.value = [conversation, ...this.shown.value]
  }
}
