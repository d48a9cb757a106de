import type { Deskwire } from '@deskwire/sdk'
import { expect, it, vi } from 'vitest'
import { Rows } from '../src/chat/rows'
import { WatchedTeams } from '../src/chat/watched'

it('a team that stays is neither left nor watched again', () => {
  const watch = vi.fn(async (_: string) => [])
  const unwatch = vi.fn(async (_: string) => undefined)
  const watched = new WatchedTeams({ watch, unwatch } as unknown as Deskwire, new Rows())
  watched.set(['a', 'b'])
  watched.set(['b', 'c'])
  expect(watch.mock.calls.flat()).toEqual(['a', 'b', 'c'])
  expect(unwatch.mock.calls.flat()).toEqual(['a'])
  watched.set([])
  expect(unwatch.mock.calls.flat()).toEqual(['a', 'b', 'c'])
})
