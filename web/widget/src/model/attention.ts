import { SOUND_PAUSE } from '../limits'

/** Milliseconds for which each of the two titles stands. */
const FLASH = 1_200

/** Flashes the page's title while nobody looks, until it is told that somebody does. */
export class TitleFlash {
  #timer: ReturnType<typeof setInterval> | undefined
  #title = ''
  /** What was put there last: what stands there else is the page's. */
  #shown = ''

  /** Flashes with these words, unless the page is seen. */
  flash(words: string): void {
    if (!document.hidden) return
    this.stop()
    this.#shown = this.#title = document.title
    let on = false
    const turn = (): void => {
      on = !on
      this.#show(on ? words : undefined)
    }
    turn()
    this.#timer = setInterval(turn, FLASH)
  }

  /** Gives the title back. */
  stop(): void {
    if (this.#timer === undefined) return
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#show(undefined)
  }

  #show(words: string | undefined): void {
    if (document.title !== this.#shown) this.#title = document.title
    document.title = words ?? this.#title
    this.#shown = document.title
  }
}

/** The tone's two notes, in hertz: a rising fourth. */
const NOTES = [659.25, 880] as const

/** The tone's length, in seconds. */
const LENGTH = 0.45

/** Loudness: heard, but nobody jumps. */
const LOUDNESS = 0.08

/** A short tone for a new message. Made, not loaded: no file, nothing for a page's policy to refuse. */
export class Chime {
  #context: AudioContext | undefined
  #last = 0

  /** Browsers allow sound after a gesture only; called in one. */
  allow(): void {
    try {
      this.#context ??= new AudioContext()
      if (this.#context.state === 'suspended') void this.#context.resume().catch(() => undefined)
    } catch {
      // No sound here, then.
    }
  }

  /** Sounds, unless it just did. */
  ring(): void {
    const context = this.#context
    if (context?.state !== 'running' || Date.now() - this.#last < SOUND_PAUSE) return
    this.#last = Date.now()
    const at = context.currentTime
    const note = context.createOscillator()
    const volume = context.createGain()
    note.frequency.setValueAtTime(NOTES[0], at)
    note.frequency.setValueAtTime(NOTES[1], at + 0.09)
    volume.gain.setValueAtTime(LOUDNESS, at)
    volume.gain.exponentialRampToValueAtTime(0.0001, at + LENGTH)
    note.connect(volume).connect(context.destination)
    note.start(at)
    note.stop(at + LENGTH)
  }

  /** Lets the sound device go. */
  end(): void {
    void this.#context?.close().catch(() => undefined)
    this.#context = undefined
  }
}
