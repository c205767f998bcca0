import { isObject } from '../../../validation/json-types.ts'
import { readStops } from '../generation/stop-scanner.ts'
import { invalidValue } from '../refusal.ts'

/** The members of a request that Incant handles rather than predict. */
export interface Controls {
  readonly stream: boolean
  readonly includeUsage: boolean
  /** How many answers to each prompt. */
  readonly choices: number
  readonly stops: readonly string[]
}

/** More answers to one request than this are refused, as the API itself does. */
const MAX_CHOICES = 128

/** Reads `stream`, `stream_options`, `n` and `stop`. */
export function readControls(body: Readonly<Record<string, unknown>>): Controls {
  const stream = readFlag(body, 'stream')
  const stops = readStops(body['stop'])
  if (stops === undefined) {
    throw invalidValue('stop', 'stop must be a string, or at most 16 strings of at most 1,000 characters.')
  }
  return { stream, includeUsage: readIncludeUsage(body), choices: readCount(body, 'n', MAX_CHOICES), stops }
}

/** A member that is a boolean, or absent. */
export function readFlag(body: Readonly<Record<string, unknown>>, name: string): boolean {
  const value = body[name] ?? false
  if (typeof value === 'boolean') return value
  throw invalidValue(name, `${name} must be a boolean.`)
}

/** A member that is a whole number from 1 to a maximum, or absent. */
export function readCount(body: Readonly<Record<string, unknown>>, name: string, maximum: number): number {
  const value = body[name] ?? 1
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= maximum) return value
  throw invalidValue(name, `${name} must be an integer from 1 to ${maximum}.`)
}

function readIncludeUsage({ stream_options: options }: Readonly<Record<string, unknown>>): boolean {
  if (options === undefined || options === null) return false
  if (!isObject(options)) throw invalidValue('stream_options', 'stream_options must be an object.')
  return readFlag(options, 'include_usage')
}
