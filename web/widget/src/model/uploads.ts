import { type Attachment, type Content, Problem, type Visitor } from '@deskwire/sdk'
import { ATTACHMENT_BYTES } from '../limits'
import { Cell } from '../state'

/** A file on its way. */
export interface Upload {
  id: number
  file: File
  /** From 0 to 1. */
  fraction: number
  /** Why it is not on its way any more; the words are the dictionary's. */
  problem: Problem | 'fileTooLarge' | 'fileEmpty' | undefined
}

/** Pictures that every browser shows and that hold no program. */
const PICTURE = /^image\/(png|jpeg|gif|webp|avif)$/i

/** Whether a file is shown as a picture. */
export function isPicture(mediaType: string): boolean {
  return PICTURE.test(mediaType)
}

/** A pasted picture has no name of its own worth keeping. */
function nameOf(file: File): string {
  return file.name || `picture.${file.type.split('/')[1] ?? 'png'}`
}

/** The files that the visitor sends: several at once, each with its progress. */
export class Uploads {
  /** Those that are on their way, or failed. */
  readonly all = new Cell<readonly Upload[]>([])
  readonly #act: () => Visitor
  readonly #stops = new Map<number, AbortController>()
  #next = 1

  /** `act` gives the client: sending a file is an act of the visitor. */
  constructor(act: () => Visitor) {
    this.#act = act
  }

  /** Sends files. */
  add(files: readonly File[]): void {
    for (const file of files) {
      const id = this.#next
      this.#next += 1
      const problem =
        file.size > ATTACHMENT_BYTES ? 'fileTooLarge' : file.size === 0 ? 'fileEmpty' : undefined
      this.all.value = [...this.all.value, { id, file, fraction: 0, problem }]
      if (!problem) void this.#send(id, file)
    }
  }

  /** Tries again. */
  retry(upload: Upload): void {
    this.cancel(upload.id)
    this.add([upload.file])
  }

  /** Stops it, and takes it away. */
  cancel(id: number): void {
    this.#stops.get(id)?.abort()
    this.#stops.delete(id)
    this.all.value = this.all.value.filter((upload) => upload.id !== id)
  }

  /** Stops all. */
  clear(): void {
    for (const upload of this.all.value) this.cancel(upload.id)
  }

  async #send(id: number, file: File): Promise<void> {
    const stop = new AbortController()
    this.#stops.set(id, stop)
    try {
      const desk = this.#act()
      const name = nameOf(file)
      const onProgress = (fraction: number): void => this.#change(id, { fraction })
      const attachment = await desk.upload(file, { name, onProgress, signal: stop.signal })
      if (stop.signal.aborted) return
      await desk.send(contentOf(attachment))
      this.cancel(id)
    } catch (error) {
      if (!stop.signal.aborted) this.#change(id, { problem: Problem.of(error) })
    }
  }

  #change(id: number, change: Partial<Upload>): void {
    this.all.value = this.all.value.map((upload) => (upload.id === id ? { ...upload, ...change } : upload))
  }
}

function contentOf({ id, name, media_type, size }: Attachment): Content {
  return { kind: isPicture(media_type) ? 'image' : 'file', attachment: id, name, media_type, size }
}
