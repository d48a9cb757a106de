import { describe, expect, it, vi } from 'vitest'
import { COMMANDS, type Commands } from '../src/api'
import { dispatch } from '../src/dispatch'
import { commandFunction, QUEUE_LIMIT } from '../src/loader/commands'
import { readSettings, settingsOf } from '../src/settings'

/** A widget that remembers what it was asked for. */
function recorder(): { target: Commands; calls: unknown[][] } {
  const calls: unknown[][] = []
  const entries = COMMANDS.map((name) => [name, (...args: unknown[]) => calls.push([name, ...args])])
  return { target: Object.fromEntries(entries) as Commands, calls }
}

describe('commands', () => {
  it('keeps calls of the stub, of the function and of its methods, and hands them on in order', () => {
    const stub = { q: [] as ArrayLike<unknown>[] }
    ;(function (..._: unknown[]) {
      // biome-ignore lint/complexity/noArguments: it is what a snippet's stub keeps.
      stub.q.push(arguments)
    })('identify', 'token')
    const deskwire = commandFunction(stub.q)
    deskwire('open')
    deskwire.on('message', () => undefined)
    const { target, calls } = recorder()
    deskwire.connect((call) => dispatch(target, call, () => undefined))
    deskwire.close()
    expect(calls.map((call) => call[0])).toEqual(['identify', 'open', 'on', 'close'])
    expect(calls[0]).toEqual(['identify', 'token'])
  })

  it('complains of what does not exist, and of what fails, and goes on', () => {
    const { target, calls } = recorder()
    const complain = vi.fn()
    const deskwire = commandFunction()
    const failing = {
      ...target,
      open: () => {
        throw new Error('not now')
      },
    }
    deskwire.connect((call) => dispatch(failing, call, complain))
    deskwire('opne')
    deskwire('constructor')
    deskwire('open')
    deskwire('close')
    expect(complain).toHaveBeenCalledTimes(3)
    expect(complain.mock.calls[0]?.[0]).toContain('"opne"')
    expect(complain.mock.calls[2]?.[0]).toBe('not now')
    expect(calls).toEqual([['close']])
  })

  it('does not grow without end', () => {
    const deskwire = commandFunction()
    for (let at = 0; at < QUEUE_LIMIT + 50; at += 1) deskwire('open')
    const { target, calls } = recorder()
    deskwire.connect((call) => dispatch(target, call, () => undefined))
    expect(calls).toHaveLength(QUEUE_LIMIT)
  })
})

describe('settings', () => {
  it('reads attributes, and leaves out what is not there or makes no sense', () => {
    expect(
      readSettings({
        account: 'acc_demo',
        url: 'https://chat.example/',
        position: 'top',
        theme: 'dark',
        hideLauncher: '',
        open: 'false',
        colour: '#fff',
      }),
    ).toEqual({
      account: 'acc_demo',
      url: 'https://chat.example',
      theme: 'dark',
      hideLauncher: true,
      open: false,
      colour: '#fff',
    })
    expect(readSettings({})).toEqual({})
    const found = {
      data: { account: 'a', theme: 'dark' },
      settings: { account: 'b' },
      url: 'https://x.example',
    }
    expect(settingsOf(found)).toEqual({ account: 'b', theme: 'dark', url: 'https://x.example' })
  })
})
