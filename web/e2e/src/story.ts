import { type BrowserContext, type BrowserContextOptions, test as base, expect } from '@playwright/test'
import { Console } from './pages/console'
import { Shop } from './pages/shop'
import { WORDS } from './pages/widget'
import { type Answer, Api } from './world/api'
import { Gateway } from './world/gateway'
import { Line } from './world/line'
import { Watch } from './world/watch'

/** Who works at the demo company. */
export type Agent = 'anna' | 'ben'

/** A Deskwire of the story's own, and the people in it: each has a browser of their own. */
export interface World {
  gateway: Gateway
  watch: Watch
  /** Somebody in the shop whose line to Deskwire can be cut. */
  visitorOnLine(): Promise<{ shop: Shop; line: Line }>
  /** Somebody in the shop. */
  visitor(options?: BrowserContextOptions): Promise<Shop>
  /** Somebody at the console. */
  agent(who: Agent, options?: BrowserContextOptions): Promise<Console>
  /** Says things by the API, in the one conversation that this agent has. */
  speaker(api: Api): Promise<(content: Readonly<Record<string, unknown>>) => Promise<Answer>>
  /** Waits until new pages are told that somebody is there: what is told of that is some seconds old. */
  openToVisitors(): Promise<void>
  /** The API, as one of the staff. */
  staff(who?: Agent): Promise<Api>
}

/** A story: a test with a world of its own. At its end nothing may have broken in any page. */
export const test = base.extend<{ world: World }>({
  world: async ({ browser }, use, info) => {
    const gateway = await Gateway.start(info.parallelIndex)
    const watch = new Watch()
    const open = async (options: BrowserContextOptions = {}) => {
      const context = await browser.newContext(options)
      await watch.over(context)
      return context
    }
    const staff = (who: Agent = 'anna') => Api.staff(gateway, who)
    const shopIn = async (context: BrowserContext, locale = 'en') => {
      const words = locale.startsWith('zh') ? WORDS.zh : WORDS.en
      const shop = new Shop(await context.newPage(), `${gateway.shop}/`, words)
      await shop.enter()
      return shop
    }
    await use({
      gateway,
      watch,
      staff,
      openToVisitors: () =>
        expect
          .poll(async () => (await fetch(`${gateway.url}/v1/widget?account=acc_demo`)).json(), {
            timeout: 30_000,
          })
          .toMatchObject({ online: true }),
      visitor: async (options) => shopIn(await open(options), options?.locale),
      visitorOnLine: async () => {
        const context = await open()
        const line = await Line.of(context)
        return { shop: await shopIn(context), line }
      },
      speaker: async (api) => {
        const [row] = await api.list('/v1/conversations?assignee=me')
        const conversation = String(row?.conversation)
        return (content) =>
          api.act(conversation, { action: 'send', client_id: crypto.randomUUID(), after: 1, content })
      },
      agent: async (who, options) => {
        const desk = new Console(await (await open(options)).newPage(), `${gateway.shop}/console/${who}`)
        await desk.enter()
        return desk
      },
    })
    if (info.status !== info.expectedStatus) {
      await info.attach('deskwire', { body: gateway.said, contentType: 'text/plain' })
    }
    for (const context of browser.contexts()) await context.close()
    await gateway.end()
    expect(watch.found, 'no page may break').toEqual([])
  },
})

export { expect }
