import fc from 'fast-check'
import { type ComponentChildren, render } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { beforeEach, describe, expect, it, vi } from 'vitest'

let parent: HTMLElement

/** Shows a tree and gives its HTML. */
function show(child: ComponentChildren): string {
  render(child, parent)
  return parent.innerHTML
}

const drawn = (): Promise<void> => new Promise((done) => queueMicrotask(() => queueMicrotask(done)))

beforeEach(() => {
  parent = document.createElement('div')
})

describe('the small view layer', () => {
  it('shows elements, texts, fragments and nothing for nothing', () => {
    const html = show(
      <button type="button" class="a" hidden={false} aria-pressed={false} data-x={1}>
        {0}
        {false}
        {null}
        {''}
        {/* biome-ignore lint/complexity/noUselessFragments: it is what is tested. */}
        <>
          <b>x</b>y
        </>
        {[<i key="1" />, 'z']}
      </button>,
    )
    expect(html).toBe(
      '<button type="button" class="a" aria-pressed="false" data-x="1">0<b>x</b>y<i></i>z</button>',
    )
  })

  it('never takes a text for markup', () => {
    expect(show(<p title={'"><img src=x onerror=alert(1)>'}>{'<script>alert(1)</script>'}</p>)).not.toContain(
      '<script>',
    )
    expect(parent.querySelectorAll('script, img')).toHaveLength(0)
  })

  it('comes to any list from any other, and keeps the elements whose keys stay', () => {
    const keys = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { maxLength: 15 })
    fc.assert(
      fc.property(keys, keys, (before, after) => {
        const list = (all: number[]) => (
          <ul>
            <li>first</li>
            {all.map((key) => (
              <li key={`k${key}`} id={`k${key}`}>
                {key}
              </li>
            ))}
            <li>last</li>
          </ul>
        )
        parent = document.createElement('div')
        show(list(before))
        const old = new Map([...parent.querySelectorAll('[id]')].map((element) => [element.id, element]))
        show(list(after))
        const now = [...parent.querySelectorAll('li')]
        expect(now.map((element) => element.textContent)).toEqual(['first', ...after.map(String), 'last'])
        for (const element of now) if (old.has(element.id)) expect(old.get(element.id)).toBe(element)
      }),
    )
  })

  it('keeps a component’s state while others come and go, and cleans up once', async () => {
    const cleaned = vi.fn()
    let raise = (): void => undefined
    function Counter() {
      const [count, setCount] = useState(0)
      const element = useRef<HTMLElement>(null)
      raise = () => setCount(count + 1)
      useEffect(() => {
        expect(element.current?.isConnected || element.current?.parentNode).toBeTruthy()
        return cleaned
      }, [])
      return <b ref={element}>{count}</b>
    }
    const tree = (before: boolean, with_: boolean) => (
      <div>
        {before && <i />}
        {with_ && <Counter />}
      </div>
    )
    show(tree(false, true))
    raise()
    await drawn()
    expect(parent.innerHTML).toBe('<div><b>1</b></div>')
    expect(show(tree(true, true))).toBe('<div><i></i><b>1</b></div>')
    expect(cleaned).not.toHaveBeenCalled()
    expect(show(tree(true, false))).toBe('<div><i></i></div>')
    expect(cleaned).toHaveBeenCalledTimes(1)
    show(null)
    expect(parent.innerHTML).toBe('')
  })

  it('calls the newest handler, and takes one away', () => {
    const one = vi.fn()
    const other = vi.fn()
    show(<button type="button" onClick={one} />)
    show(<button type="button" onClick={other} />)
    parent.querySelector('button')?.click()
    show(<button type="button" />)
    parent.querySelector('button')?.click()
    expect([one.mock.calls.length, other.mock.calls.length]).toEqual([0, 1])
  })

  it('sets a value that the reader has changed back to what it is', () => {
    show(<input value="a" />)
    const input = parent.querySelector('input')
    if (input) input.value = 'typed'
    show(<input value="a" />)
    expect(input?.value).toBe('a')
  })

  it('draws pictures in their own namespace', () => {
    show(
      <svg aria-hidden="true" viewBox="0 0 1 1">
        <path d="M0 0" />
      </svg>,
    )
    expect(parent.querySelector('path')?.namespaceURI).toBe('http://www.w3.org/2000/svg')
    expect(parent.querySelector('svg')?.getAttribute('viewBox')).toBe('0 0 1 1')
  })
})
