import { useState } from 'preact/hooks'
import { safeHref } from '../linkify'
import { Icon } from './icons'

/** The letters that stand for a name: two in Latin scripts, one character in others. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  const first = [...(words[0] ?? '')][0] ?? ''
  const last = words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : ''
  return /\p{Script=Latin}/u.test(first) ? (first + last).toUpperCase() : first
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
