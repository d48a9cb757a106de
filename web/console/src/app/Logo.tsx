/** Deskwire's mark: a speech bubble with two eyes. */
export function Logo({ size = 24 }: { size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 32 32"
      aria-hidden="true"
      focusable="false"
      style={{ flex: 'none' }}
    >
      <rect width="32" height="32" rx="9" fill="var(--dw-accent)" />
      <path
        d="M8 11.5A3.5 3.5 0 0 1 11.5 8h9a3.5 3.5 0 0 1 3.5 3.5v5a3.5 3.5 0 0 1-3.5 3.5H16l-4.200 3.600c-.5.4-1.300.1-1.300-.6v-3A3.5 3.5 0 0 1 8 16.5z"
        fill="#fff"
      />
      <circle cx="12.7" cy="14" r="1.5" fill="var(--dw-accent)" />
      <circle cx="19.3" cy="14" r="1.5" fill="var(--dw-accent)" />
    </svg>
  )
}
