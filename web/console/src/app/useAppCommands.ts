import { useMantineColorScheme } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { VIEW_WORDS, VIEWS, type View } from '../chat/views'
import { useMe, useSigned } from './api'
import { type Command, useCommands } from './commands'
import { openHelp } from './help'
import { usePresence } from './presence'
import { pagesFor, pathOf } from './sections'
import { setLanguage, useWords } from './words'

/** The second key after `g` for each list. */
const VIEW_KEYS: Record<View, string> = {
  mine: 'm',
  unassigned: 'u',
  all: 'a',
  bot: 'b',
  snoozed: 's',
  closed: 'c',
}

/** Offers what can be done everywhere. */
export function useAppCommands(): void {
  const { t, language } = useWords()
  const navigate = useNavigate()
  const { role } = useMe()
  const { signOut } = useSigned()
  const { setColorScheme } = useMantineColorScheme()
  const { change } = usePresence()
  // biome-ignore lint/correctness/useExhaustiveDependencies: functions of hooks that are new with each drawing do the same always
  const commands = useMemo<Command[]>(
    () => [
      ...VIEWS.map<Command>((view) => ({
        id: `go.${view}`,
        title: t(VIEW_WORDS[view]),
        group: 'go',
        keys: `g ${VIEW_KEYS[view]}`,
        run: () => void navigate({ to: '/inbox/$view', params: { view } }),
      })),
      ...pagesFor(role).map<Command>((page) => ({
        id: `page.${page.path}`,
        title: t(page.titleKey),
        group: 'page',
        run: () => void navigate({ to: pathOf(page) }),
      })),
      { id: 'app.online', title: t('command.online'), group: 'app', run: () => void change('online') },
      { id: 'app.away', title: t('command.away'), group: 'app', run: () => void change('away') },
      { id: 'app.light', title: t('command.light'), group: 'app', run: () => setColorScheme('light') },
      { id: 'app.dark', title: t('command.dark'), group: 'app', run: () => setColorScheme('dark') },
      {
        id: 'app.en',
        title: 'English',
        also: 'language 语言',
        group: 'app',
        run: () => void setLanguage('en'),
      },
      {
        id: 'app.zh',
        title: '中文',
        also: 'language chinese',
        group: 'app',
        run: () => void setLanguage('zh'),
      },
      { id: 'app.help', title: t('shell.shortcuts'), group: 'app', keys: '?', run: openHelp },
      { id: 'app.out', title: t('shell.sign_out'), group: 'app', run: () => void signOut() },
    ],
    [language, role, navigate],
  )
  useCommands('app', commands)
}
