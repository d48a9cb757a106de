/** The icons' paths, on a grid of 24. */
const PATHS = {
  chat: 'M12 3.5c-5 0-9 3.4-9 7.7 0 2.3 1.2 4.4 3 5.8l-.6 3.2c-.1.5.4.9.9.7l3.4-1.6c.8.1 1.5.2 2.3.2 5 0 9-3.5 9-7.8s-4-8.2-9-8.2Z',
  down: 'm6 9.5 6 6 6-6',
  close: 'm6.5 6.5 11 11m0-11-11 11',
  send: 'M12 19V5.5m-6 6 6-6 6 6',
  clip: 'm20 11.5-7.8 7.8a5 5 0 0 1-7-7L13 4.4a3.3 3.3 0 0 1 4.7 4.7l-7.8 7.7a1.7 1.7 0 0 1-2.4-2.3l7.2-7.2',
  file: 'M13.5 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8.5L13.5 3Zm0 0v5.5H19',
  up: 'M7 10.5v9H4v-9h3Zm0 0L11 3c1.5 0 2.5 1 2.5 2.5L13 9h5.5c1.2 0 2 1 1.7 2.2l-1.5 6.5c-.2 1-1.1 1.8-2.2 1.8H7',
  spark: 'M12 3.5 13.8 9 19.5 11l-5.7 2-1.8 5.5-1.8-5.5-5.7-2 5.7-2L12 3.5Zm6.5 12.5v4m-2-2h4',
  tick: 'm5 12.5 4.5 4.5L19 7.5',
  ticks: 'm2 12.5 4.5 4.5L15 7.5m-4 8 1.5 1.5L21 7.5',
  clock: 'M12 7v5l3 2M3.5 12a8.5 8.5 0 1 0 17 0 8.5 8.5 0 0 0-17 0Z',
  out: 'M14 4.5h5.5V10m0-5.5-8.5 8.5M10 5.5H6a1.5 1.5 0 0 0-1.5 1.5v11A1.5 1.5 0 0 0 6 19.5h11a1.5 1.5 0 0 0 1.5-1.5v-4',
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
  'M8 17c.9-1.9 2.3-2.8 4-2.8s3.1.9 4 2.8',
  'M8.5 16.4c1-.9 2.2-1.4 3.5-1.4s2.5.5 3.5 1.4',
  'M8.5 15.5h7',
  'M8.3 14.6c1 1.1 2.2 1.7 3.7 1.7s2.7-.6 3.7-1.7',
  'M7.5 13.6h9c-.3 2.5-2 4.2-4.5 4.2s-4.2-1.7-4.5-4.2Z',
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
      <path d="M9 9v1m6-1v1" stroke-width="2.2" stroke-linecap="round" />
      <path d={MOUTHS[score - 1] ?? ''} stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  )
}
