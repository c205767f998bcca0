import type { Flag } from './option.ts'

/** A command of `incant`. */
export interface Command {
  readonly name: string
  /** The arguments, as the help shows them. */
  readonly usage: string
  readonly summary: string
  readonly example: string
  readonly options: readonly Flag[]
}
