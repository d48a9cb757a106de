import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A large language model, as OpenAI's servers speak, that stops in the middle of its answer until it is told to go on. */
export class Model {
  readonly url: string
  /** Says the rest. */
  finish = () => {}
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  }

  /** Starts one that says this, and later the rest. */
  static async start(begin: string, rest: string): Promise<Model> {
    let finish = () => {}
    const told = new Promise<void>((done) => {
      finish = done
    })
    const server = createServer((request, answer) => {
      request.resume()
      request.on('end', () => void speak(answer, begin, rest, told))
    })
    await new Promise<void>((there) => server.listen(0, '127.0.0.1', there))
    const model = new Model(server)
    model.finish = finish
    return model
  }

  /** Ends it. */
  end(): Promise<void> {
    return new Promise((closed) => {
      this.#server.close(() => closed())
      this.#server.closeAllConnections()
    })
  }
}

async function speak(
  answer: ServerResponse,
  begin: string,
  rest: string,
  told: Promise<void>,
): Promise<void> {
  const say = (delta: Record<string, string>, finish_reason: string | null = null): void => {
    answer.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason }] })}\n\n`)
  }
  answer.writeHead(200, { 'content-type': 'text/event-stream' })
  say({ role: 'assistant', content: '' })
  for (const word of begin.split(/(?<= )/)) say({ content: word })
  await told
  for (const word of rest.split(/(?<= )/)) say({ content: word })
  say({}, 'stop')
  answer.end('data: [DONE]\n\n')
}
