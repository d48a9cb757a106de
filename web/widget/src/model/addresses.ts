import type { Visitor } from '@deskwire/sdk'
import { ADDRESS_AGE } from '../limits'

interface Address {
  at: number
  url: Promise<string>
}

/** Short-lived addresses of files, asked for when a file comes into view and shared until they are old. */
export class Addresses {
  readonly #known = new Map<string, Address>()
  readonly #desk: () => Visitor | undefined

  constructor(desk: () => Visitor | undefined) {
    this.#desk = desk
  }

  /** Whether the last address of a file is still good. */
  fresh(attachment: string): boolean {
    const known = this.#known.get(attachment)
    return known !== undefined && Date.now() - known.at < ADDRESS_AGE
  }

  /** Where the file's bytes are. */
  get(attachment: string, anew = false): Promise<string> {
    const known = this.#known.get(attachment)
    if (known && !anew && this.fresh(attachment)) return known.url
    const desk = this.#desk()
    const url = desk ? desk.download(attachment) : Promise.reject(new Error())
    this.#known.set(attachment, { at: Date.now(), url })
    // What failed is asked for again the next time.
    url.catch(() => this.#known.delete(attachment))
    return url
  }
}
