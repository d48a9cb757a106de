import { notifications } from '@mantine/notifications'
import { useMemo } from 'react'
import { useAll } from '../../app/api'
import { type Command, useCommands } from '../../app/commands'
import { sayProblem } from '../../ui/problemWords'
import type { Macro } from '../../ui/schema'
import { useMacro } from './macros'

/** Offers the macros in the palette. */
export function useMacroCommands(conversation: string): void {
  const { rows } = useAll<Macro>('/v1/macros')
  const start = useMacro(conversation)
  const commands = useMemo<Command[]>(
    () =>
      rows.map((macro) => ({
        id: `macro.${macro.name}`,
        title: macro.title || macro.name,
        also: 'macro 宏',
        group: 'conversation',
        run: () =>
          void start(macro).catch((problem: unknown) =>
            notifications.show({
              title: macro.title,
              message: sayProblem(problem),
              color: 'red',
              autoClose: false,
            }),
          ),
      })),
    [rows, start],
  )
  useCommands('macros', commands)
}
