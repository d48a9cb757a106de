import type { ActionFrame, State } from '@deskwire/sdk'
import { useMemo } from 'react'
import { useMe } from '../../app/api'
import { type Command, useCommands } from '../../app/commands'
import { usePanelOn } from '../../app/preferences'
import { useWords, type WordKey } from '../../app/words'
import { focusComposer } from '../composer/focus'
import { useViewer } from '../useViewer'
import type { DialogName } from './dialogs'
import { may } from './may'

interface Doing {
  id: string
  state: State | undefined
  run: (frame: ActionFrame) => Promise<boolean>
  open: (dialog: DialogName) => void
  onNewest: () => void
}

/** Offers what can be done with the open conversation, in the palette and by keys. */
export function useConversationCommands({ id, state, run, open, onNewest }: Doing): void {
  const { t } = useWords()
  const { role } = useMe()
  const viewer = useViewer()
  const [panel, setPanel] = usePanelOn()
  const commands = useMemo<Command[]>(() => {
    if (!state) return []
    const can = may(state, viewer, role)
    const command = (name: string, word: WordKey, keys: string | undefined, does: () => void): Command => ({
      id: `conversation.${name}`,
      title: t(word),
      group: 'conversation',
      ...(keys && { keys }),
      run: does,
    })
    const list: (Command | false)[] = [
      can.accept &&
        command(
          'accept',
          state.status === 'bot' ? 'action.take_over' : 'action.accept',
          'a',
          () => void run({ action: 'accept', conversation: id }),
        ),
      can.decline &&
        command(
          'decline',
          'action.decline',
          undefined,
          () => void run({ action: 'decline', conversation: id }),
        ),
      can.reply && command('reply', 'composer.reply', 'r', () => focusComposer('reply')),
      command('note', 'composer.note', 'n', () => focusComposer('note')),
      can.transfer && command('transfer', 'action.transfer', 't', () => open('transfer')),
      can.snooze && command('snooze', 'action.snooze', 's', () => open('snooze')),
      can.close && command('close', 'action.close', 'e', () => open('close')),
      can.assign && command('assign', 'action.assign', undefined, () => open('assign')),
      can.reopen &&
        command('reopen', 'action.reopen', undefined, () => void run({ action: 'reopen', conversation: id })),
      can.callBot &&
        command(
          'bot',
          'action.call_bot',
          undefined,
          () => void run({ action: 'call_bot', conversation: id }),
        ),
      command('label', 'action.label', 'l', () => open('label')),
      command('panel', 'action.panel', 'p', () => setPanel(!panel)),
      command('newest', 'conversation.newest', 'G', onNewest),
    ]
    return list.filter((one) => one !== false)
  }, [t, state, viewer, role, run, id, open, onNewest, panel, setPanel])
  useCommands('conversation', commands)
}
