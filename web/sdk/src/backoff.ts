/**
 * How long to wait before the next attempt to connect: exponential back-off with full jitter and a cap.
 *
 * API Gateway takes 500 new connections a second. A cut that may have hit everybody at once (a restart) is therefore
 * spread over a wide window already the first time: 10,000 clients over 40 seconds are 250 a second, and together with
 * those who try a second time, over a window twice as wide, they stay under 500. A cut that is one's own (a network that
 * changed, a laptop that slept, API Gateway's two hours) is followed by a quick attempt.
 */

/** Whom a cut has hit: everybody, as far as can be known, or only oneself. Of everybody, one in ten at most is `staff`. */
export type Cause = 'everybody' | 'staff' | 'oneself'

/** Seconds of the first window, see above. */
export const FIRST_SECONDS: Record<Cause, number> = { everybody: 40, staff: 10, oneself: 2 }

/** Seconds of the widest window: 10,000 clients that try for ever make 250 attempts a second. */
export const CAP_SECONDS = 80

/** Seconds to wait after so many failed attempts in a row. */
export function pauseSeconds(cause: Cause, failures: number, random: () => number): number {
  return random() * Math.min(CAP_SECONDS, FIRST_SECONDS[cause] * 2 ** failures)
}
