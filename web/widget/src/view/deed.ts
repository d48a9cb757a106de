import type { OutboxAction, OutboxFrame, Pending, Visitor } from '@deskwire/sdk'
import { useChat } from './context'

/** What of a kind the visitor did last beside a message and is not in the log yet, and how to do it (again). */
export function useDeed<What extends Exclude<OutboxAction, 'send' | 'note'>>(
  what: What,
  conversation: string | undefined,
  about?: number,
) {
  const chat = useChat()
  const desk = chat.session.desk.value
  const found = desk?.outbox.findLast(
    ({ frame }) =>
      frame.action === what &&
      frame.conversation === conversation &&
      ('card' in frame ? frame.card : 'entry' in frame ? frame.entry : undefined) === about,
  )
  const refused = found?.status === 'refused' ? found : undefined
  return {
    /** What is on its way. */
    deed: refused ? undefined : (found?.frame as Extract<OutboxFrame, { action: What }> | undefined),
    problem: refused?.problem,
    act(how: (desk: Visitor) => Promise<Pending>): void {
      if (refused) void desk?.discard(refused.clientId)
      void chat.do(how)
    },
  }
}
