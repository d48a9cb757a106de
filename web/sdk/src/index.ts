/** Deskwire in a browser. */

export { Deskwire } from './deskwire'
export { browser, type Platform, type Socket } from './platform'
export { type LocalCode, type Mistake, Problem, type ProblemData } from './problem'
export { claimsOf } from './session'
export type * from './types'
export { Visitor } from './visitor'
