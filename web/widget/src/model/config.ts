import type { OwnTexts } from '../texts'

/** A field of a form that an inbox asks for. */
export interface FormField {
  /** `name`, `email`, `phone`, or an attribute's key. */
  key: string
  label: OwnTexts
  kind: 'text' | 'email' | 'phone' | 'long' | 'choice'
  required: boolean
  choices?: string[]
}

/** How an inbox's widget looks and what it asks. */
export interface WidgetSettings {
  title?: OwnTexts
  greeting?: OwnTexts
  offline_message?: OwnTexts
  colour?: string
  position: 'left' | 'right'
  pre_chat: FormField[]
  offline_form: FormField[]
  csat: boolean
  attachments: boolean
  sound: boolean
}

/** The answer of `GET /v1/widget`. */
export interface WidgetConfig {
  account: string
  company: string
  inbox?: { id: string; name: string }
  open: boolean
  opens_at?: string
  online: boolean
  bot: boolean
  require_sign_on: boolean
  settings: WidgetSettings
}

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

/** Gets the configuration. It is public: no token, no cookie, and nothing is stored for it. */
export async function fetchConfig(url: string, account: string, inbox?: string): Promise<WidgetConfig> {
  const query = new URLSearchParams({ account, ...(inbox && { inbox }) })
  const answer = await fetch(`${url}/v1/widget?${query}`, { credentials: 'omit', cache: 'no-cache' })
  if (!answer.ok) throw new Error(`GET /v1/widget answered ${answer.status}`)
  const config = (await answer.json()) as Partial<WidgetConfig>
  const base = defaultConfig(account)
  // An older server may lack a setting: the default stands in for it.
  return { ...base, ...config, settings: { ...base.settings, ...config.settings } }
}

/** Whether somebody, or the AI agent, can answer now. */
export function answersNow(config: WidgetConfig): boolean {
  return config.bot || (config.open && config.online)
}
