import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePair } from './ports'

/** The programs and the built browser parts. */
const BINARY =
  process.env.DESKWIRE_BIN ?? fileURLToPath(new URL('../../../../target/debug/deskwire', import.meta.url))
const COMPANY = join(dirname(BINARY), 'company')
const WEB = process.env.DESKWIRE_WEB ?? fileURLToPath(new URL('../../../dist', import.meta.url))

/** What it says when everything is there: the shop has joined, and its rules and queries are in place. */
const JOINED = 'It has joined Deskwire'

/** Milliseconds that it may take to start, on a machine that has much to do. */
const START_MS = 30_000

/** A running Deskwire with its demo shop: the real program, on data of its own. */
export class Gateway {
  readonly url: string
  readonly shop: string
  readonly #port: number
  readonly #data: string
  #process: ChildProcess | undefined
  #said = ''

  private constructor(port: number, data: string) {
    this.#port = port
    this.#data = data
    this.url = `http://127.0.0.1:${port}`
    this.shop = `http://127.0.0.1:${port + 1}`
  }

  /** Starts one on free ports and a new folder. */
  static async start(worker: number): Promise<Gateway> {
    for (const path of [BINARY, COMPANY, join(WEB, 'widget.js'), join(WEB, 'console/index.html')]) {
      if (!existsSync(path)) throw new Error(`${path} is missing: build it before the stories are told.`)
    }
    const data = await mkdtemp(join(tmpdir(), 'deskwire-e2e-'))
    const gateway = new Gateway(await freePair(worker), data)
    await gateway.up()
    return gateway
  }

  /** Starts the program on the same ports and data; resolves when all of it is there. */
  up(): Promise<void> {
    const args = ['--data', this.#data, '--port', String(this.#port), '--web', WEB, '--company', COMPANY]
    const child = spawn(BINARY, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    this.#process = child
    this.#said = ''
    return new Promise((there, fail) => {
      const late = setTimeout(() => fail(new Error(`Deskwire is not there yet.\n${this.#said}`)), START_MS)
      const hear = (words: Buffer): void => {
        this.#said += words
        if (!this.#said.includes(JOINED)) return
        clearTimeout(late)
        there()
      }
      child.stdout.on('data', hear)
      child.stderr.on('data', hear)
      child.once('error', fail)
      child.once('exit', (code) => {
        clearTimeout(late)
        fail(new Error(`Deskwire ended with ${code}.\n${this.#said}`))
      })
    })
  }

  /** Ends it as an operator does, with SIGTERM, or as a power cut does; resolves when it is gone. */
  down(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const child = this.#process
    this.#process = undefined
    if (!child || child.exitCode !== null) return Promise.resolve()
    return new Promise((gone) => {
      child.once('exit', () => gone())
      child.kill(signal)
    })
  }

  /** Ends it, and forgets its data. */
  async end(): Promise<void> {
    await this.down()
    await rm(this.#data, { recursive: true, force: true })
  }

  /** What it has printed since it was started: for the report of a story that failed. */
  get said(): string {
    return this.#said
  }
}
