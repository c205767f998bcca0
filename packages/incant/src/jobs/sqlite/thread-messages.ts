import type { StartupProblem } from '../../errors/startup-error.ts'
import type { JobChange, JobStore } from '../store.ts'

/** What a thread is started with. */
export interface ThreadData {
  readonly path: string
  /** For messages. */
  readonly name: string
}

/** The members of a store that are done in its thread. */
export type StoreMethod = Exclude<keyof JobStore, 'name' | 'now' | 'watch'>

/** Something to do. */
export interface StoreRequest {
  /** The number of the call. */
  readonly call: number
  readonly method: StoreMethod
  readonly parameters: readonly unknown[]
}

/** What the thread says: that the file is open, or cannot be opened; what became of a call; what has changed. */
export type StoreReply =
  | { readonly kind: 'open' }
  | { readonly kind: 'refused'; readonly problem: StartupProblem }
  | { readonly kind: 'done'; readonly call: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly call: number; readonly isAway: boolean; readonly reason: string }
  | { readonly kind: 'changed'; readonly change: JobChange }
