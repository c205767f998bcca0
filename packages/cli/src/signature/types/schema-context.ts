import type { JSONSchema, Problems } from 'incant/internal/signature'
import type { Checker, Node, NodeHandle, Type } from '../compiler/compiler.ts'
import type { CountedFiles } from '../compiler/sources.ts'
import type { DefaultReading } from './defaults.ts'
import type { Growth } from './growth.ts'
import type { MarkedAlias } from './marked-aliases.ts'
import { type Place, type Problem, toStartupError } from './problem.ts'
import type { Slots } from './slots.ts'

/** Which way values of a type go, and in what. */
export type Direction = 'input' | 'form' | 'field' | 'output'

/** The state of reading types into schemas. */
export interface SchemaContext {
  readonly checker: Checker
  /** The files whose JSDoc counts, and whose lines a message can point at. */
  readonly sources: CountedFiles
  /** Types of other packages whose constraints do not count. */
  readonly ignored: Set<string>
  /** The aliases whose constraints are found by their marks. */
  readonly aliases: ReadonlyMap<string, MarkedAlias>
  /** Those of them that were met in types. */
  readonly met: Set<MarkedAlias>
  /** Every default, to be checked once all types are read. */
  readonly defaults: DefaultReading[]
  readonly slots: Slots
  readonly growth: Growth
  /** The members that were read, by their symbol and type. */
  readonly members: Map<string, JSONSchema>
  /**
   * `input`: what predict takes, where a type that JSON cannot carry is an error. `form`: the same, of an object whose members
   * are the fields of a form. `field`: of such a field, which may be a file. `output`: what predict gives, where it is a
   * warning.
   */
  readonly direction: Direction
  /** The declarations that were read: a type error in one of them is one in the signature. */
  readonly touched: Set<Node>
  /** Reads a type; see {@link schemaOf}. The parts of the reader reach each other through it. */
  readonly read: (context: SchemaContext, type: Type, place: Place) => JSONSchema
  readonly warn: (place: Place, problem: Problem) => void
  /** The problems found so far. */
  readonly refused: Problems
}

/** The JSON Schema of a type. */
export function schemaOf(context: SchemaContext, type: Type, place: Place): JSONSchema {
  return context.read(context, type, place)
}

/** Ends the start, or, in the result of predict, warns and accepts anything. */
export function refuse(context: SchemaContext, place: Place, problem: Problem): JSONSchema {
  if (context.direction !== 'output') throw toStartupError(place, problem)
  context.warn(place, problem)
  return {}
}

/** Notes that a declaration of the user's was read. */
export function touch({ touched, sources }: SchemaContext, declaration: NodeHandle | undefined): void {
  const node = declaration === undefined || !sources.has(declaration.path) ? undefined : declaration.resolve()
  if (node !== undefined) touched.add(node)
}

/** A type that JSON cannot carry. */
export interface Misfit {
  /** A noun for it: `a function`. */
  readonly what: string
  /** The fix. */
  readonly instead: string
}

/** Refuses a type that JSON cannot carry. */
export function refuseType(context: SchemaContext, place: Place, { what, instead }: Misfit): JSONSchema {
  return refuse(context, place, { code: 'unsupported_type', found: `is ${what}, which JSON cannot carry`, instead })
}
