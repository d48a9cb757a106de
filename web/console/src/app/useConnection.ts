import type { Connection } from '@deskwire/sdk'
import { useCallback, useSyncExternalStore } from 'react'
import { useDesk } from './api'

/** Where the connection stands, drawn again when that changes. */
export function useConnection(): Connection {
  const desk = useDesk()
  const subscribe = useCallback((listener: () => void) => desk.on('connection', listener), [desk])
  return useSyncExternalStore(subscribe, () => desk.connection)
}
