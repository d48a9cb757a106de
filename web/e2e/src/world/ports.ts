import { createServer } from 'node:net'

/** Where the search for free ports begins; each worker has a range of its own, so that no two take the same. */
const FIRST = Number(process.env.DESKWIRE_E2E_PORT ?? 8900)

/** Ports of one worker's range. */
const RANGE = 30

function isFree(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const server = createServer()
    server.once('error', () => answer(false))
    server.listen(port, '127.0.0.1', () => server.close(() => answer(true)))
  })
}

/** A free port whose neighbour is free too: the demo shop is on the port behind the gateway's. */
export async function freePair(worker: number): Promise<number> {
  const begin = FIRST + worker * RANGE
  for (let port = begin; port < begin + RANGE; port += 2) {
    if ((await isFree(port)) && (await isFree(port + 1))) return port
  }
  throw new Error(`Between ${begin} and ${begin + RANGE} no two neighbouring ports are free.`)
}
