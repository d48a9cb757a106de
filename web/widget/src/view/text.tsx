import { linkify } from '@deskwire/sdk/linkify'
import type { ComponentChildren } from 'preact'
import { useMemo } from 'preact/hooks'
import { useChat } from './context'

/** What every link to elsewhere has: it tells the other side nothing, and gets no hold of the page. */
const ELSEWHERE = { target: '_blank', rel: 'noopener noreferrer nofollow' } as const

/** A link that opens in a new tab, and says so. Its address has been looked at by `safeHref`. */
export function Outside(props: { href: string; class?: string; children: ComponentChildren }) {
  const { texts } = useChat()
  return (
    <a href={props.href} class={props.class} {...ELSEWHERE}>
      {props.children}
      <span class="hidden"> {texts.value.opensNewTab}</span>
    </a>
  )
}

/** A stranger's text: only ever text nodes, and links that are safe. Line breaks are kept by the style. */
export function Text({ text }: { text: string }) {
  const pieces = useMemo(() => linkify(text), [text])
  return (
    <>
      {pieces.map((piece, at) =>
        piece.href ? (
          <a key={at} href={piece.href} {...ELSEWHERE}>
            {piece.text}
          </a>
        ) : (
          piece.text
        ),
      )}
    </>
  )
}
