import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { lazy, Suspense, useMemo, useState } from 'react'
import { DeskProvider } from './DeskProvider'
import { makeRouter } from './router'
import { accountFor, type Session } from './session'
import { themeIn, variables } from './theme'
import { useWords } from './words'

// Whoever is signed in already does not load it.
const SignIn = lazy(() => import('./SignIn'))

/** How the sign-in that the address or the storage held came out. */
export interface Start {
  session: Session | undefined
  problem: unknown
}

/**
 * How long what was read counts as new, in milliseconds: what changes in conversations comes by the socket, and what
 * people configure may be some seconds old.
 */
const FRESH_MS = 15_000

function makeClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { staleTime: FRESH_MS, retry: false, refetchOnWindowFocus: true },
      // A write is done once: whether it is tried again is for the person to say.
      mutations: { retry: false },
    },
  })
}

/** The whole console. */
export function App({ start }: { start: Start }) {
  const [client] = useState(makeClient)
  const [router] = useState(makeRouter)
  const [session, setSession] = useState(start.session)
  const [problem, setProblem] = useState(start.problem)
  const { t, language } = useWords()
  // biome-ignore lint/correctness/useExhaustiveDependencies: `t` says other words when the language is another
  const theme = useMemo(() => themeIn(t), [language])
  const signedIn = (next: Session) => {
    setProblem(undefined)
    setSession(next)
  }
  return (
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
      <QueryClientProvider client={client}>
        {/* Not where the composer's buttons are. */}
        <Notifications position="top-right" limit={4} />
        {session ? (
          <DeskProvider key={session.token} session={session} onEnd={() => setSession(undefined)}>
            <RouterProvider router={router} />
          </DeskProvider>
        ) : (
          <Suspense fallback={null}>
            <SignIn account={accountFor(location)} problem={problem} onSignedIn={signedIn} />
          </Suspense>
        )}
      </QueryClientProvider>
    </MantineProvider>
  )
}
