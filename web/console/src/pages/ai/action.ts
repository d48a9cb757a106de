import type { IntentAction } from '../../ui/schema'
import { filled } from '../../ui/TextsField'

/** An action without what nobody wrote: empty words, arguments that are asked for by nothing. */
export function cleanAction(action: IntentAction): IntentAction {
  if (action.do === 'say') return { do: 'say', words: filled(action.words) }
  if (action.do !== 'tool') return action
  const ask = Object.entries(action.ask ?? {})
    .map(([argument, words]) => [argument, filled(words)] as const)
    .filter(([, words]) => Object.keys(words).length > 0)
  return {
    do: 'tool',
    tool: action.tool,
    slots: filled(action.slots),
    ask: Object.fromEntries(ask),
    words: filled(action.words),
  }
}
