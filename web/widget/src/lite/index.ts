/**
 * The part of Preact that the widget uses: Preact with hooks and signals would take 8.7 of the 35 KB that the widget may
 * have with the SDK, this takes 1.5. The code is written and typed against Preact; the build (and, once
 * more, the tests) put this in its place. Coarser than Preact: a change of state draws the whole tree again.
 */

/** Attributes and handlers. */
type Props = Record<string, unknown>
type Component = (props: Props) => unknown
type Type = string | Component

/** What JSX makes. */
export interface VNode {
  type: Type
  props: Props
  key: unknown
}

/** What a hook keeps between two drawings. */
export interface Hook {
  value?: unknown
  deps?: readonly unknown[] | undefined
  cleanup?: (() => void) | undefined
}

/** Something that is in the tree: an element, a text, a component, or a place that holds nothing now. */
interface Instance {
  vnode: unknown
  dom: Element | Text | undefined
  kids: Instance[]
  hooks: Hook[]
}

/** Where the next node belongs: before this one. */
interface Cursor {
  at: ChildNode | null
}

const SVG = 'http://www.w3.org/2000/svg'

/** What is drawn at the moment: its hooks, in their order. */
let drawing: { hooks: Hook[]; next: number } = { hooks: [], next: 0 }
/** Effects that run once all is in its place. */
const effects: (() => void)[] = []
let queued = false
const roots = new Map<ParentNode & Node, { kids: Instance[]; child: unknown }>()

/** The next hook of the component that is drawn. */
export function nextHook(): Hook {
  const at = drawing.next
  drawing.next += 1
  drawing.hooks[at] ??= {}
  return drawing.hooks[at] as Hook
}

/** Runs when all is in its place. */
export function afterDrawing(effect: () => void): void {
  effects.push(effect)
}

/** Draws all again, soon. */
export function redraw(): void {
  if (queued) return
  queued = true
  queueMicrotask(() => {
    queued = false
    for (const root of roots.keys()) draw(root)
  })
}

/** Shows a tree in a parent; null takes it away. */
export function render(child: unknown, parent: ParentNode & Node): void {
  const root = roots.get(parent) ?? { kids: [], child }
  root.child = child
  roots.set(parent, root)
  draw(parent)
  if (child === null) roots.delete(parent)
}

/** Only its children. */
export function Fragment(props: Props): unknown {
  return props.children
}

function draw(parent: ParentNode & Node): void {
  const root = roots.get(parent)
  if (!root) return
  root.kids = reconcile(parent, root.kids, [root.child], { at: parent.firstChild })
  for (const effect of effects.splice(0)) effect()
}

function isVNode(value: unknown): value is VNode {
  return typeof value === 'object' && value !== null && 'props' in value
}

function typeOf(value: unknown): unknown {
  if (isVNode(value)) return value.type
  return typeof value === 'string' || typeof value === 'number' ? 'text' : undefined
}

/** An array in an array is a fragment, so that what comes after it keeps its place. */
function asChild(value: unknown): unknown {
  return Array.isArray(value) ? { type: Fragment, props: { children: value }, key: undefined } : value
}

function reconcile(parent: Node, olds: Instance[], children: readonly unknown[], cursor: Cursor): Instance[] {
  const left = new Map<unknown, Instance>()
  const keyOf = (value: unknown, at: number): unknown => (isVNode(value) ? (value.key ?? at) : at)
  for (const [at, old] of olds.entries()) left.set(keyOf(old.vnode, at), old)
  const all = children.map((value, at): [Instance, unknown] => {
    const child = asChild(value)
    const key = keyOf(child, at)
    const old = left.get(key)
    if (!old || typeOf(old.vnode) !== typeOf(child)) {
      return [{ vnode: undefined, dom: undefined, kids: [], hooks: [] }, child]
    }
    left.delete(key)
    return [old, child]
  })
  for (const old of left.values()) remove(old, cursor)
  for (const [instance, child] of all) update(instance, child, parent, cursor)
  return all.map(([instance]) => instance)
}

function update(instance: Instance, child: unknown, parent: Node, cursor: Cursor): void {
  const before = instance.vnode
  instance.vnode = child
  if (isVNode(child)) {
    if (typeof child.type === 'string') updateElement(instance, before as VNode | undefined, child, parent)
    else drawComponent(instance, child.type, child.props, parent, cursor)
  } else if (typeOf(child)) {
    const text = String(child)
    if (!instance.dom) instance.dom = document.createTextNode(text)
    else if (before !== child) instance.dom.textContent = text
  }
  if (instance.dom) place(instance.dom, parent, cursor)
}

function drawComponent(
  instance: Instance,
  type: Component,
  props: Props,
  parent: Node,
  cursor: Cursor,
): void {
  const outer = drawing
  drawing = { hooks: instance.hooks, next: 0 }
  const drawn = type(props)
  drawing = outer
  instance.kids = reconcile(parent, instance.kids, Array.isArray(drawn) ? drawn : [drawn], cursor)
}

function updateElement(instance: Instance, before: VNode | undefined, child: VNode, parent: Node): void {
  const type = child.type as string
  if (!instance.dom) {
    const svg = type === 'svg' || (parent instanceof Element && parent.namespaceURI === SVG)
    instance.dom = svg ? document.createElementNS(SVG, type) : document.createElement(type)
  }
  const dom = instance.dom as Element
  const { children, ...props } = child.props
  // A selection exists among options only once they are there.
  instance.kids = reconcile(dom, instance.kids, Array.isArray(children) ? children : [children], {
    at: dom.firstChild,
  })
  for (const name of Object.keys({ ...before?.props, ...props })) {
    if (name !== 'children') setProp(dom, name, props[name], before?.props[name])
  }
}

function setProp(dom: Element, name: string, value: unknown, before: unknown): void {
  if (name === 'ref') (value as { current: unknown }).current = dom
  else if (name === 'value') {
    if ((dom as HTMLInputElement).value !== value) (dom as HTMLInputElement).value = value as string
  } else if (value === before) return
  else if (name.startsWith('on')) (dom as unknown as Props)[name.toLowerCase()] = value ?? null
  else if (value === undefined || value === null || (value === false && !name.startsWith('aria-'))) {
    dom.removeAttribute(name)
  } else dom.setAttribute(name, value === true && !name.startsWith('aria-') ? '' : String(value))
}

function place(dom: ChildNode, parent: Node, cursor: Cursor): void {
  if (dom === cursor.at) cursor.at = dom.nextSibling
  else parent.insertBefore(dom, cursor.at)
}

function remove(instance: Instance, cursor?: Cursor): void {
  for (const hook of instance.hooks) hook.cleanup?.()
  // With its element all that is in it goes: only cleaning up is left to do there.
  for (const kid of instance.kids) remove(kid, instance.dom ? undefined : cursor)
  if (!instance.dom || !cursor) return
  if (cursor.at === instance.dom) cursor.at = instance.dom.nextSibling
  instance.dom.remove()
}
