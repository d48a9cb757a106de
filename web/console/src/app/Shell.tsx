import { Outlet, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense, useEffect } from 'react'
import { OfferStack } from '../chat/actions/OfferStack'
import { ChatProvider } from '../chat/ChatProvider'
import { ConnectionBanner } from './ConnectionBanner'
import { listenForKeys } from './commands'
import { Waiting } from './Fallbacks'
import { useKeepMentions } from './mentions'
import { Rail } from './Rail'
import css from './Shell.module.css'
import { SideNav } from './SideNav'
import { sectionOf } from './sections'
import { useAlerts } from './useAlerts'
import { useAppCommands } from './useAppCommands'

// The palette and the help sheet are opened by a key: nobody waits for them at the start.
const Palette = lazy(() => import('./Palette'))
const HelpSheet = lazy(() => import('./HelpSheet'))

/** The frame of the console: the rail, what the chosen part has, and the page. */
export function Shell() {
  return (
    <ChatProvider>
      <Frame />
    </ChatProvider>
  )
}

function Frame() {
  const path = useRouterState({ select: (state) => state.location.pathname })
  const section = sectionOf(path)
  useEffect(listenForKeys, [])
  useAppCommands()
  useAlerts()
  useKeepMentions()
  return (
    <div className={css.shell}>
      <Rail section={section} />
      <SideNav section={section} />
      <div className={css.main}>
        <ConnectionBanner />
        <main className={css.page} data-scroll={section !== 'inbox' || undefined}>
          <Suspense fallback={<Waiting />}>
            <Outlet />
          </Suspense>
        </main>
      </div>
      <OfferStack />
      <Suspense fallback={null}>
        <Palette />
        <HelpSheet />
      </Suspense>
    </div>
  )
}
