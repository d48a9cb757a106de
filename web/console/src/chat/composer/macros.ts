/** Macros: steps that are done in one go. */
import { notifications } from '@mantine/notifications'
import { useCallback } from 'react'
import { useDesk } from '../../app/api'
import { useWords } from '../../app/words'
import { sayProblem } from '../../ui/problemWords'
import type { Macro, MacroRun } from '../../ui/schema'

/** Does a macro in a conversation; what was refused is told with what was done before it. */
export function useMacro(conversation: string): (macro: Macro) => Promise<void> {
  const desk = useDesk()
  const { t } = useWords()
  return useCallback(
    async (macro: Macro) => {
      const path = `/v1/conversations/${conversation}/macros/${encodeURIComponent(macro.name)}`
      const body = { client_id: crypto.randomUUID(), after: desk.conversation(conversation).head }
      const { done, of, refused } = await desk.http<MacroRun>('POST', path, body)
      const title = macro.title || macro.name
      if (!refused) notifications.show({ message: t('macro.done', { title }), color: 'teal' })
      else {
        const message = `${t('macro.partly', { done, of })} ${sayProblem(refused)}`
        notifications.show({ title, message, color: 'red', autoClose: false })
      }
    },
    [desk, conversation, t],
  )
}
