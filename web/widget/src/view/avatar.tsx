import { safeHref } from '@deskwire/sdk/linkify'
import { useState } from 'preact/hooks'
import { Icon } from './icons'

/** The letters that stand for a name: the first of its first two words. Chinese names are one word. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  return words
    .map((word) => [...word][0] ?? '')
    .slice(0, 2)
    .join('')
    .toUpperCase()
}

/** A picture that may be loaded: over the net only, and by no other protocol. */
export function pictureAddress(address: string | null | undefined): string | undefined {
  const href = address ? safeHref(address) : undefined
  return href && /^https?:/.test(href) ? href : undefined
}

/** Somebody's picture; their initials where there is none, or the page's policy refuses it. */
export function Avatar({
  name,
  picture,
  bot,
}: {
  name: string
  picture?: string | undefined
  bot?: boolean
}) {
  const [broken, setBroken] = useState<string>()
  const address = pictureAddress(picture)
  return (
    <span class="avatar" aria-hidden="true">
      {bot ? <Icon name="spark" size={18} /> : initials(name) || <Icon name="chat" size={18} />}
      {address && address !== broken && (
        <img src={address} alt="" referrerpolicy="no-referrer" onError={() => setBroken(address)} />
      )}
    </span>
  )
}
