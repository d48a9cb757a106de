import { type Credentials, Deskwire } from '@deskwire/sdk'
import { Button, Center, Loader, Stack } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react'
import { ProblemAlert } from '../ui/ProblemAlert'
import type { Agent } from '../ui/schema'
import { DeskContext, type Signed } from './deskContext'
import { forgetPerson } from './forgetPerson'
import { freshSubject } from './oidc'
import { applyPresence } from './presence'
import { forgetSession, type Session } from './session'
import { agentOf, noteSignOut } from './signOn'
import { useWords } from './words'

interface Props {
  session: Session
  /** Called once nobody is signed in any more. */
  onEnd: () => void
  children: ReactNode
}

/** Deskwire's own refresh token, exchanged as any other (RFC 8693 §3). */
const REFRESH_TOKEN = 'urn:ietf:params:oauth:token-type:refresh_token'

/** What the SDK signs in with: what the company renews, else what Deskwire renews for a shift, else the token itself. */
function credentialsOf(session: Session): Credentials {
  const { renewal, refresh } = session
  if (renewal) return { kind: 'company', token: () => freshSubject(session, renewal), scope: 'agent' }
  if (refresh)
    return {
      kind: 'company',
      token: () => Promise.resolve(refresh),
      tokenType: REFRESH_TOKEN,
      scope: 'agent',
    }
  return { kind: 'access', token: session.token, expires: session.expires }
}

/** Connects whoever is signed in, and draws the rest once it is known who they are. */
export function DeskProvider({ session, onEnd, children }: Props) {
  const client = useQueryClient()
  const [desk] = useState(
    () =>
      new Deskwire({ url: location.origin, account: session.account, credentials: credentialsOf(session) }),
  )
  useEffect(() => {
    desk.start()
    return () => void desk.stop()
  }, [desk])

  const self = agentOf(session)
  const path = `/v1/agents/${self}`
  const me = useQuery({ queryKey: [path, {}], queryFn: () => desk.http<Agent>('GET', path) })
  useEffect(() => desk.on('presence', (presence) => applyPresence(client, presence)), [desk, client])

  // Whether one is there depends on the socket: who read it before the socket was open reads it again.
  useEffect(
    () =>
      desk.on('connection', ({ state }) => {
        if (state === 'online') void client.invalidateQueries({ queryKey: [path] })
      }),
    [desk, client, path],
  )

  const signInAgain = useCallback(() => {
    forgetSession()
    client.clear()
    onEnd()
  }, [client, onEnd])
  const signOut = useCallback(async () => {
    noteSignOut(self)
    await desk.signOut().catch(() => undefined)
  }, [desk, self])
  // Whichever tab it was asked for in: this one shows nothing of that person any more.
  useEffect(
    () =>
      desk.on('signedOut', () => {
        forgetPerson(self)
        signInAgain()
      }),
    [desk, self, signInAgain],
  )

  const agent = me.data
  const signed = useMemo<Signed | undefined>(
    () => agent && { desk, agent, session, signInAgain, signOut },
    [desk, agent, session, signInAgain, signOut],
  )
  if (signed) return <DeskContext.Provider value={signed}>{children}</DeskContext.Provider>
  return <Waiting problem={me.error} onRetry={() => void me.refetch()} onSignOut={signInAgain} />
}

function Waiting(props: { problem: unknown; onRetry: () => void; onSignOut: () => void }) {
  const { t } = useWords()
  return (
    <Center h="100%" p="lg">
      {props.problem ? (
        <Stack maw={420}>
          <ProblemAlert problem={props.problem} onRetry={props.onRetry} />
          <Button variant="default" onClick={props.onSignOut}>
            {t('sign_in.again')}
          </Button>
        </Stack>
      ) : (
        <Loader size="sm" aria-label={t('shell.connecting')} />
      )}
    </Center>
  )
}
