import { Fragment, type VNode } from './index'

/** What the compiler makes of `<a …/>`. */
export function jsx(type: VNode['type'], props: VNode['props'], key?: unknown): VNode {
  return { type, props, key }
}

export { Fragment, jsx as jsxDEV, jsx as jsxs }
