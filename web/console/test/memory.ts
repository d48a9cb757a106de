/** A browser's storage, for tests outside of one. */
export class Memory {
  readonly #kept = new Map<string, string>()
  get length(): number {
    return this.#kept.size
  }
  key = (place: number) => [...this.#kept.keys()][place] ?? null
  getItem = (key: string) => this.#kept.get(key) ?? null
  setItem = (key: string, value: string) => void this.#kept.set(key, value)
  removeItem = (key: string) => void this.#kept.delete(key)
}
