/** The sound of a new message: two soft tones, made here, so that there is no file to load. */

/** Hertz of the two tones: a fourth apart, which sounds like a question. */
const TONES = [659.25, 880]
/** Seconds of one tone. */
const TONE_SECONDS = 0.16
/** Of the full volume: heard in a quiet room, and no shock in headphones. */
const VOLUME = 0.07
/** Milliseconds between two sounds: a burst of messages rings once. */
const REST_MS = 1_500

let context: AudioContext | undefined
let last = 0

/** Rings, if the browser lets it: before the first click or key in a page it does not. */
export function ring(now = Date.now()): void {
  if (now - last < REST_MS || !navigator.userActivation.hasBeenActive) return
  last = now
  context ??= new AudioContext()
  if (context.state === 'suspended') void context.resume().catch(() => undefined)
  TONES.forEach((tone, place) => {
    if (context) playTone(context, tone, context.currentTime + place * TONE_SECONDS * 0.8)
  })
}

function playTone(audio: AudioContext, tone: number, at: number): void {
  const source = audio.createOscillator()
  const gain = audio.createGain()
  source.frequency.value = tone
  gain.gain.setValueAtTime(0, at)
  gain.gain.linearRampToValueAtTime(VOLUME, at + 0.015)
  gain.gain.exponentialRampToValueAtTime(0.0001, at + TONE_SECONDS)
  source.connect(gain).connect(audio.destination)
  source.start(at)
  source.stop(at + TONE_SECONDS)
}
