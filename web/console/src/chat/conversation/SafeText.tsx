/** Text that somebody wrote: never markup, and its links lead only where links may lead. */
import { linkify } from '@deskwire/sdk/linkify'
import { Fragment, type ReactNode } from 'react'

/** A link out of the console. */
export function OutLink({ to, children }: { to: string; children: ReactNode }) {
  return (
    <a href={to} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  )
}

/** A text with its links. */
export function SafeText({ text }: { text: string }) {
  return linkify(text).map(({ text: piece, href }, at) =>
    href ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text never move.
      <OutLink key={at} to={href}>
        {piece}
      </OutLink>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text never move.
      <Fragment key={at}>{piece}</Fragment>
    ),
  )
}
