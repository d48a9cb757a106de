import type { BrowserContext, WebSocketRoute } from '@playwright/test'

/** What of Deskwire is cut: the API, not the files that the widget is made of. */
const API = '**/v1/**'

/** The line between one browser and Deskwire, which can be cut; the rest of the network stays. */
export class Line {
  readonly #context: BrowserContext
  readonly #sockets = new Set<WebSocketRoute>()
  #whole = true

  private constructor(context: BrowserContext) {
    this.#context = context
  }

  /** Takes hold of the line; before any page is loaded. */
  static async of(context: BrowserContext): Promise<Line> {
    const line = new Line(context)
    await context.routeWebSocket(/\/ws\b/, (socket) => {
      if (!line.#whole) {
        void socket.close()
        return
      }
      line.#sockets.add(socket)
      socket.connectToServer()
    })
    return line
  }

  /** Nothing goes through: open sockets end, and no request arrives. */
  async cut(): Promise<void> {
    this.#whole = false
    await this.#context.route(API, (route) => route.abort('connectionfailed'))
    for (const socket of this.#sockets) await socket.close({ code: 1001 })
    this.#sockets.clear()
  }

  /** Everything goes through again. */
  async mend(): Promise<void> {
    this.#whole = true
    await this.#context.unroute(API)
  }
}
