import { runAtOnce } from '../async/run-in-turns.ts'
import { RequestError } from '../errors/request-error.ts'
import { type CutArray, cutArrays, type Places } from '../json/cut-arrays.ts'
import { type NumberArray, releaseNumbers, toArrays } from '../json/number-array.ts'
import { isObject } from '../validation/json-types.ts'
import { type NumberKind, toView } from '../validation/number-view.ts'
import { type JSONLimits, parseJSON } from './parse-json.ts'

/** Bytes below which nothing is gained. */
const SMALL = 1024

/** The fewest bytes that an item takes, as in `0,`. */
const SHORTEST_ITEM = 2

/**
 * Reads JSON whose arrays of numbers are at known places, in a third of the time that `JSON.parse` takes. The result is that
 * of `parseJSON`, but for typed arrays where the places have them.
 *
 * @returns `undefined` for a body that is left to `parseJSON`: one that is small, is not JSON, has something else at one of the
 * places, or may exceed a limit.
 */
export function readNumbers(
  bytes: Uint8Array,
  places: Places<NumberKind>,
  limits: JSONLimits,
): { readonly value: unknown } | undefined {
  if (bytes.length < SMALL || bytes.length > limits.maxJsonItems * SHORTEST_ITEM) return undefined
  const cut = runAtOnce(cutArrays(bytes, places, { isStrict: true }))
  if (cut === undefined || cut.arrays.some(array => isTooDeep(array, limits))) return undefined
  const head = parseHead(cut.head, limits)
  if (head === undefined) return undefined
  const value = fill(head.value, places, cut.arrays)
  for (const { numbers } of cut.arrays) if (numbers !== undefined) releaseNumbers(numbers)
  return { value }
}

/** `undefined` for what is wrong: what it is, and where, is said of the body as it came. */
function parseHead(head: Uint8Array, limits: JSONLimits): { readonly value: unknown } | undefined {
  try {
    return { value: parseJSON(asBuffer(head), limits) }
  } catch (thrown) {
    if (RequestError.is(thrown)) return undefined
    throw thrown
  }
}

function isTooDeep({ depth, numbers }: CutArray, { maxJsonDepth }: JSONLimits): boolean {
  return depth + (numbers?.shape.length ?? 0) > maxJsonDepth
}

/** A byte is found in a Buffer a hundred times as fast as in another view. */
function asBuffer(bytes: Uint8Array): Uint8Array {
  return typeof Buffer === 'function' ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) : bytes
}

/** Puts the arrays where their indices are. */
function fill(value: unknown, places: Places<NumberKind>, arrays: readonly CutArray[]): unknown {
  if ('array' in places) return toValue(arrays[Number(value)]?.numbers, places.array)
  if (!('members' in places) || !isObject(value)) return value
  for (const [name, inner] of places.members)
    if (Object.hasOwn(value, name)) Reflect.set(value, name, fill(value[name], inner, arrays))
  return value
}

function toValue(numbers: NumberArray | undefined, kind: NumberKind): unknown {
  if (numbers === undefined) throw new TypeError('there is no such array')
  return (kind === 'array' ? undefined : toView(numbers, kind)) ?? toArrays(numbers)
}
