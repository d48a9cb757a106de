import { SOUND_PAUSE } from '../limits'

/** Milliseconds for which each of the two titles stands. */
const FLASH = 1_200

/** Flashes the page's title while nobody looks, and gives it back when somebody does. */
export class TitleFlash {
  #timer: ReturnType<typeof setInterval> | undefined
  #title = ''

  constructor() {
    document.addEventListener('visibilitychange', this.#look)
  }

  /** Flashes with these words until the page is seen. */
  flash(words: string): void {
    if (!document.hidden) return
    this.stop()
    this.#title = document.title
    let on = false
    const turn = (): void => {
      on = !on
      document.title = on ? words : this.#title
    }
    turn()
    this.#timer = setInterval(turn, FLASH)
  }

  /** Gives the title back. */
  stop(): void {
    if (this.#timer === undefined) return
    clearInterval(this.#timer)
    this.#timer = undefined
    document.title = this.#title
  }

  /** No longer listens. */
  end(): void {
    this.stop()
    document.removeEventListener('visibilitychange', this.#look)
  }

  readonly #look = (): void => {
    if (!document.hidden) this.stop()
  }
}

/** The two notes of the tone, in hertz, and when each begins, in seconds: a rising fourth. */
const NOTES = [
  [659.25, 0],
  [880, 0.09],
] as const

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
    for (const [pitch, after] of NOTES) {
      const at = context.currentTime + after
      const note = context.createOscillator()
      const volume = context.createGain()
      note.frequency.value = pitch
      volume.gain.setValueAtTime(0, at)
      volume.gain.linearRampToValueAtTime(LOUDNESS, at + 0.015)
      volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.35)
      note.connect(volume).connect(context.destination)
      note.start(at)
      note.stop(at + 0.4)
    }
  }

  /** Lets the sound device go. */
  end(): void {
    void this.#context?.close().catch(() => undefined)
    this.#context = undefined
  }
}
