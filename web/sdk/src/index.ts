/** Deskwire in a browser. */

export { Deskwire } from './deskwire'
export { type LocalCode, type Mistake, Problem, type ProblemData } from './problem'
export type * from './types'
