import { tagOf } from '../json/wire-form.ts'

/** predict returned something JSON cannot carry. The message is for the log: it names the path and what is there. */
export class NotSerializableError extends Error {
  override readonly name = 'NotSerializableError'
  /** JSONPath-like: `$.scores[3]`. */
  readonly path: string

  constructor(path: string, message: string) {
    super(message)
    this.path = path
  }
}

/** A step towards the value at hand; a chain of them is a path, spelled out only when something is wrong. */
export interface Step {
  readonly key: string | number
  readonly parent: Step | undefined
  readonly holder: object
}

const BY_ITSELF = 'return it as the whole result'
const BYTES = 'return it as the whole result, or its bytes as a Uint8Array'

const ITERATOR = 'write Array.from(iterator)'

/** The fix for a value whose JSON would be empty or absent, by `typeof` or class. */
const REMEDIES: Readonly<Record<string, string>> = {
  undefined: 'write null',
  function: 'leave it out, or call it',
  symbol: 'write its description',
  Map: 'write Object.fromEntries(map)',
  Set: 'write Array.from(set)',
  WeakMap: 'leave it out',
  WeakSet: 'leave it out',
  Promise: 'await it',
  Error: 'write its message, or throw it',
  RegExp: 'write its source',
  SharedArrayBuffer: BYTES,
  Blob: BYTES,
  File: BYTES,
  Response: BY_ITSELF,
  Request: 'leave it out',
  ReadableStream: BY_ITSELF,
  Generator: 'write Array.from(generator)',
  'Array Iterator': ITERATOR,
  'Map Iterator': ITERATOR,
  'Set Iterator': ITERATOR,
  'String Iterator': ITERATOR,
  'RegExp String Iterator': ITERATOR,
  'Iterator Helper': ITERATOR,
  AsyncGenerator: BY_ITSELF,
}

/** Refuses an object of a class whose JSON would be empty. */
export function refuseClass(value: object, step: Step | undefined): void {
  if (REMEDIES[tagOf(value)] !== undefined) refuseValue(value, step)
}

/** Refuses a value by what it is. */
export function refuseValue(value: unknown, step: Step | undefined): never {
  const isObject = typeof value === 'object' && value !== null
  refuse(describeType(value), step, REMEDIES[isObject ? tagOf(value) : typeof value])
}

function describeType(value: unknown): string {
  if (typeof value !== 'object' || value === null) return value === undefined ? 'undefined' : `a ${typeof value}`
  const name = tagOf(value)
  return /^[AEIOU]/.test(name) ? `an ${name}` : `a ${name}`
}

/** Refuses what was found after a step. */
export function refuse(found: string, step: Step | undefined, remedy?: string): never {
  const path = spellPath(step)
  const hint = remedy === undefined ? '' : `: ${remedy}`
  throw new NotSerializableError(path, `predict returned ${found} at ${path}, which JSON cannot carry${hint}`)
}

/** Refuses what is nested more than so many levels deep. */
export function refuseDepth(most: number, step: Step | undefined): never {
  const path = spellPath(step, PATH_STEPS)
  throw new NotSerializableError(path, `predict returned a value nested more than ${most} levels deep at ${path}`)
}

/** Steps that are spelled out where there are very many. */
const PATH_STEPS = 10

/** @param most - Steps from the root to spell out; the others are an ellipsis. */
function spellPath(step: Step | undefined, most: number = Number.POSITIVE_INFINITY): string {
  const parts: string[] = []
  for (let at = step; at !== undefined; at = at.parent) parts.unshift(spellKey(at.key))
  return `$${parts.slice(0, most).join('')}${parts.length > most ? '…' : ''}`
}

function spellKey(key: string | number): string {
  return typeof key === 'number' ? `[${key}]` : `.${key}`
}
