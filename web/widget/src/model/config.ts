import { Problem, type Schemas } from '@deskwire/sdk'

/** A field of a form that an inbox asks for. */
export type FormField = Schemas['FormField']

/** The answer of `GET /v1/widget`; the inbox is not needed, and so not waited for. */
export type WidgetConfig = Omit<Schemas['WidgetConfig'], 'inbox' | 'settings'> & {
  settings: Required<Pick<WidgetSettings, Needed>> & WidgetSettings
}

type WidgetSettings = Schemas['WidgetSettings']
type Needed = 'position' | 'pre_chat' | 'offline_form' | 'csat' | 'attachments' | 'sound'

/** What holds until the server has said otherwise: a chat with all that can be done, and nothing asked. */
export function defaultConfig(account: string): WidgetConfig {
  return {
    account,
    company: '',
    open: true,
    online: true,
    bot: false,
    require_sign_on: false,
    settings: {
      position: 'right',
      pre_chat: [],
      offline_form: [],
      csat: true,
      attachments: true,
      sound: true,
    },
  }
}

/** Milliseconds after which an answer is no longer waited for: the launcher is there by then, with what it knows. */
const PATIENCE = 15_000

/** Gets the configuration. It is public: no token, no cookie, and nothing is stored for it. */
export async function fetchConfig(url: string, account: string, inbox?: string): Promise<WidgetConfig> {
  const query = new URLSearchParams({ account, ...(inbox && { inbox }) })
  const signal = AbortSignal.timeout(PATIENCE)
  const answer = await fetch(`${url}/v1/widget?${query}`, { credentials: 'omit', cache: 'no-cache', signal })
  const body: unknown = await answer.json()
  if (!answer.ok) {
    const { code, title } = body as Schemas['Problem']
    throw new Problem({ code, message: title })
  }
  const config = body as Partial<WidgetConfig>
  const base = defaultConfig(account)
  // An older server may lack a setting: the default stands in for it.
  return { ...base, ...config, settings: { ...base.settings, ...config.settings } }
}

/** Whether somebody, or the AI agent, can answer now. */
export function answersNow(config: WidgetConfig): boolean {
  return config.bot || (config.open && config.online)
}
