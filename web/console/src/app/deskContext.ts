import type { Deskwire } from '@deskwire/sdk'
import { createContext } from 'react'
import type { Agent } from '../ui/schema'
import type { Session } from './session'

/** Who is signed in, and their connection. */
export interface Signed {
  /** The connection to Deskwire. */
  desk: Deskwire
  /** The agent who is signed in, as last read. */
  agent: Agent
  /** How they signed in. */
  session: Session
  /** Signs in once more, because the token ends; what is not sent yet is kept. */
  signInAgain: () => void
  /** Signs out, and forgets what was kept. */
  signOut: () => Promise<void>
}

/** Filled once somebody is signed in. */
export const DeskContext = createContext<Signed | undefined>(undefined)
