import { afterDrawing, nextHook, redraw } from './index'

function differ(one: readonly unknown[] | undefined, other: readonly unknown[] | undefined): boolean {
  return !one || !other || one.some((value, at) => !Object.is(value, other[at]))
}

/** A value that a component keeps; a change draws again. */
export function useState<T>(initial?: T | (() => T)): [T, (value: T) => void] {
  const hook = nextHook()
  if (!('value' in hook)) hook.value = typeof initial === 'function' ? (initial as () => T)() : initial
  return [
    hook.value as T,
    (value) => {
      if (Object.is(hook.value, value)) return
      hook.value = value
      redraw()
    },
  ]
}

/** A thing that a component keeps; a change is nobody's business. */
export function useRef<T>(initial: T): { current: T } {
  const hook = nextHook()
  hook.value ??= { current: initial }
  return hook.value as { current: T }
}

/** Runs once all is in its place, when one of `deps` is another than before. */
export function useEffect(effect: () => undefined | (() => void), deps?: readonly unknown[]): void {
  const hook = nextHook()
  if (!differ(hook.deps, deps)) return
  hook.deps = deps
  afterDrawing(() => {
    hook.cleanup?.()
    hook.cleanup = effect()
  })
}

/** The same here: there is no painting in between. */
export const useLayoutEffect = useEffect

/** A value that is made anew when one of `deps` is another than before. */
export function useMemo<T>(make: () => T, deps: readonly unknown[]): T {
  const hook = nextHook()
  if (differ(hook.deps, deps)) hook.value = make()
  hook.deps = deps
  return hook.value as T
}
