/** The icons' paths, on a grid of 24. */
const PATHS = {
  chat: 'M12 4c-5 0-9 3-9 7 0 3 1 4 3 6l-1 4 5-2h2c5 0 9-4 9-8s-4-7-9-7Z',
  down: 'm6 9 6 6 6-6',
  close: 'm6 6 12 12m0-12L6 18',
  send: 'M12 19V5m-6 6 6-6 6 6',
  clip: 'm20 11-8 8a5 5 0 0 1-7-7l8-8a3 3 0 0 1 5 5l-8 8a2 2 0 0 1-3-3l8-7',
  file: 'M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8l-5-5Zm0 0v5h5',
  up: 'M7 10v9H4v-9h3Zm0 0 4-7c2 0 3 1 2 6h5c2 0 2 1 2 2l-2 7c0 1-1 1-2 1H7',
  spark: 'M12 4l2 5 5 2-5 2-2 5-2-5-5-2 5-2 2-5Z',
  tick: 'm5 12 5 5L19 7',
  ticks: 'm2 12 5 5 8-10m-4 8 2 2 8-10',
} as const

/** The name of an icon. */
export type IconName = keyof typeof PATHS

/** An icon; what it means is said by words beside it. */
export function Icon({ name, size = 22, turn = 0 }: { name: IconName; size?: number; turn?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.9"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} transform={turn ? `rotate(${turn} 12 12)` : undefined} />
    </svg>
  )
}

/** The mouths of the five faces, from very bad to very good. */
const MOUTHS = [
  'M8 17c2-4 6-4 8 0',
  'M8 16c2-2 6-2 8 0',
  'M8 15h8',
  'M8 14c2 3 6 3 8 0',
  'M7 13h10c0 6-10 6-10 0Z',
]

/** A face for a score from 1 to 5. */
export function Face({ score }: { score: number }) {
  return (
    <svg
      width="34"
      height="34"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.6"
      aria-hidden="true"
    >
      <circle cx="12" cy="12" r="9.5" />
      <path d={`M9 9v1m6-1v1${MOUTHS[score - 1]}`} stroke-linecap="round" />
    </svg>
  )
}
