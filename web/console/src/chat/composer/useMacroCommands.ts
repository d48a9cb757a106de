import { notifications } from '@mantine/notifications'
import { useMemo } from 'react'
import { useAll } from '../../app/api'
import { type Command, useCommands } from '../../app/commands'
import { useProblemWords } from '../../ui/problemWords'
import { type Macro, useMacro } from './macros'

/** Offers the macros in the palette. */
export function useMacroCommands(conversation: string): void {
  const { rows } = useAll<Macro>('/v1/macros')
  const start = useMacro(conversation)
  const say = useProblemWords()
  // biome-ignore lint/correctness/useExhaustiveDependencies: `say` is new with each drawing and says the same
  const commands = useMemo<Command[]>(
    () =>
      rows.map((macro) => ({
        id: `macro.${macro.name}`,
        title: macro.title || macro.name,
        also: 'macro 宏',
        group: 'conversation',
        run: () =>
          void start(macro).catch((problem: unknown) =>
            notifications.show({ title: macro.title, message: say(problem), color: 'red', autoClose: false }),
          ),
      })),
    [rows, start],
  )
  useCommands('macros', commands)
}
