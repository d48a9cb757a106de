import type { ContentOf } from '@deskwire/sdk'
import { safeHref } from '@deskwire/sdk/linkify'
import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { fileSize } from '../format'
import { isPicture } from '../model/uploads'
import { useChat } from './context'
import { Icon } from './icons'
import { Text } from './text'

type FileContent = ContentOf<'file'> | ContentOf<'image'>

/** A short-lived address, asked for once the element comes into view. */
function useAddress(attachment: string) {
  const chat = useChat()
  const element = useRef<HTMLAnchorElement>(null)
  const [address, setAddress] = useState<string>()
  const [failed, setFailed] = useState(false)
  const load = async (anew: boolean): Promise<string | undefined> => {
    try {
      const url = safeHref(await chat.addresses.get(attachment, anew))
      setFailed(!url)
      setAddress(url)
      return url
    } catch {
      setFailed(true)
      return undefined
    }
  }
  useEffect(() => {
    const seen = new IntersectionObserver((all) => {
      if (!all.some((one) => one.isIntersecting)) return
      seen.disconnect()
      void load(false)
    })
    if (element.current) seen.observe(element.current)
    return () => seen.disconnect()
  }, [attachment])
  return { address, element, failed, load, fresh: () => chat.addresses.fresh(attachment) }
}

/** A picture or a file that somebody sent: it opens in a new tab, by an address that is good at that moment. */
export function FileBubble({ content }: { content: FileContent }) {
  const chat = useChat()
  const texts = chat.texts.value
  const { address, element, failed, load, fresh } = useAddress(content.attachment)
  const [broken, setBroken] = useState(false)
  const size = fileSize(content.size, chat.locale.value)
  const picture = content.kind === 'image' && isPicture(content.media_type) && !broken

  const open = async (event: MouseEvent): Promise<void> => {
    if (address && fresh()) return
    event.preventDefault()
    const url = await load(true)
    if (url) window.open(url, '_blank', 'noopener,noreferrer')
  }
  return (
    <>
      <a
        ref={element}
        class={picture ? 'picture' : 'file'}
        href={address ?? '#'}
        target="_blank"
        rel="noopener noreferrer nofollow"
        aria-label={picture ? texts.openImage(content.name) : texts.download(content.name, size)}
        onClick={(event) => void open(event)}
      >
        {picture && address && <img src={address} alt="" loading="lazy" onError={() => setBroken(true)} />}
        {!picture && <FileFace name={content.name} detail={size} />}
      </a>
      {failed && <p class="error">{texts.fileGone}</p>}
      {content.text && (
        <div class="bubble" dir="auto">
          <Text text={content.text} />
        </div>
      )}
    </>
  )
}

/** A file's icon, name and size, and what else belongs under them. */
export function FileFace(props: { name: string; detail: string; children?: ComponentChildren }) {
  return (
    <>
      <Icon name="file" size={26} />
      <span>
        <b dir="auto">{props.name}</b>
        <small>{props.detail}</small>
        {props.children}
      </span>
    </>
  )
}
