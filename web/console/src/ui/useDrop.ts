import { type RefCallback, useEffect, useState } from 'react'

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false
}

/** Takes files that are dropped on the element that is given `place`; `over` while some hang above it. */
export function useDrop(onFiles: (files: File[]) => void): {
  place: RefCallback<HTMLElement>
  over: boolean
} {
  // A state and no ref: what a drawer draws is there only after the first effects.
  const [element, place] = useState<HTMLElement | null>(null)
  const [over, setOver] = useState(false)
  useEffect(() => {
    if (!element) return
    const onOver = (event: DragEvent) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      setOver(true)
    }
    const onLeave = (event: DragEvent) => {
      const to = event.relatedTarget
      if (!(to instanceof Node) || !element.contains(to)) setOver(false)
    }
    const onDrop = (event: DragEvent) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      setOver(false)
      onFiles([...(event.dataTransfer?.files ?? [])])
    }
    element.addEventListener('dragover', onOver)
    element.addEventListener('dragleave', onLeave)
    element.addEventListener('drop', onDrop)
    return () => {
      element.removeEventListener('dragover', onOver)
      element.removeEventListener('dragleave', onLeave)
      element.removeEventListener('drop', onDrop)
    }
  }, [element, onFiles])
  return { place, over }
}
