import type { Duration, Size } from '../units/quantities.ts'

/**
 * One setting: its kind, default and documentation. The command line's flags, the `INCANT_…` variables, the options
 * objects and `docs/configuration.md` are all read from tables of these.
 */
export type OptionDefinition = { readonly doc: string } & (
  | { readonly kind: 'duration'; readonly default: number; readonly minimum?: number }
  | { readonly kind: 'size'; readonly default: number; readonly minimum?: number }
  | {
      readonly kind: 'integer'
      readonly default: number
      readonly minimum: number
      readonly maximum?: number
      /** Words for numbers outside of the range. */
      readonly words?: { readonly [word: string]: number }
    }
  | { readonly kind: 'boolean'; readonly default: boolean }
  | { readonly kind: 'text'; readonly default: string }
  | { readonly kind: 'choice'; readonly default: string; readonly choices: readonly string[] }
  /** The path of a file. Empty: none. */
  | { readonly kind: 'path'; readonly default: '' }
  | {
      readonly kind: 'list'
      readonly default: readonly string[]
      /** What one of them is called, and how its flag is named. */
      readonly singular: string
      readonly placeholder: string
      /** The only values that one of them can have. */
      readonly choices?: readonly string[]
      /** What each begins with, where its text may have commas: only one before it divides. */
      readonly startsWith?: string
    }
)

/** Settings by name. */
export type OptionTable = { readonly [name: string]: OptionDefinition }

type Given<Definition extends OptionDefinition> = Definition extends { kind: 'duration' }
  ? Duration
  : Definition extends { kind: 'size' }
    ? Size
    : Definition extends { words: infer Words }
      ? number | (keyof Words & string)
      : Resolved<Definition>

type Resolved<Definition extends OptionDefinition> = Definition extends { kind: 'boolean' }
  ? boolean
  : Definition extends { kind: 'choice'; choices: readonly (infer Choice)[] }
    ? Choice
    : Definition extends { kind: 'text' | 'path' }
      ? string
      : Definition extends { kind: 'list' }
        ? readonly string[]
        : number

/** The options that a user may write for a table: all optional, durations and sizes with or without units. */
export type GivenOptions<Table extends OptionTable> = {
  readonly [Name in keyof Table]?: Given<Table[Name]> | undefined
}

/** A table's settings, all present: durations in milliseconds, sizes in bytes. */
export type ResolvedOptions<Table extends OptionTable> = { readonly [Name in keyof Table]: Resolved<Table[Name]> }
