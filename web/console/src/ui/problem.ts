import { t } from '../app/words'
import type { Mistake } from './schema'

/** What went wrong, as far as the server said: its stable code, and its words. */
export interface Told {
  code: string
  message: string
  detail?: string
  retryAfter?: number
  mistakes: readonly Mistake[]
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function isMistake(value: unknown): value is Mistake {
  return typeof value === 'object' && value !== null && 'line' in value && 'message' in value
}

/** The server's words and, in brackets behind them, what exactly. */
const WITH_DETAIL = /^(.*?[.!?]) \((.*)\)$/s

/** Codes of why an address could not be called, as the server has them: people read words instead. */
const CALLS = [
  'invalid_url',
  'invalid_request',
  'address_not_allowed',
  'dns_failed',
  'connect_failed',
  'tls_failed',
  'timed_out',
  'response_too_large',
  'invalid_response',
] as const

/** Words with such a code in them, said plainly. */
export function plainly(words: string): string {
  const code = CALLS.find((one) => new RegExp(`\\b${one}\\b`).test(words))
  return code ? words.replace(code, t(`call.${code}`)) : words
}

/** Reads what was thrown: a problem of the server, or a cut line. */
export function told(error: unknown): Told {
  const fields: Record<string, unknown> = typeof error === 'object' && error !== null ? { ...error } : {}
  const said = error instanceof Error ? error.message : (text(fields.message) ?? String(error))
  const [, message = said, detail] = WITH_DETAIL.exec(said) ?? []
  return {
    code: text(fields.code) ?? 'network',
    message,
    mistakes: Array.isArray(fields.mistakes) ? fields.mistakes.filter(isMistake) : [],
    ...(detail && { detail: plainly(detail) }),
    ...(typeof fields.retryAfter === 'number' && { retryAfter: fields.retryAfter }),
  }
}

/**
 * What is wrong with a field, where the server's words begin with its name (`grace_seconds: 3 to 3600`, `` `url` is … ``).
 * It is then said beside the field too.
 */
export function fieldProblem(error: unknown, field: string): string | undefined {
  if (!error) return undefined
  const { code, detail, message } = told(error)
  if (!['invalid_field', 'empty', 'too_large', 'conflict'].includes(code)) return undefined
  const said = detail ?? message
  const name = /^`?([a-z_]+)/.exec(said)?.[1]
  if (name !== field) return undefined
  return said.replace(/^`?[a-z_]+`?[\s:]*/, '') || said
}
