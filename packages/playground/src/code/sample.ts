import type { Body } from '../call/body.ts'
import type { Input } from '../call/form-state.ts'
import type { Method } from '../sign-in/methods.ts'

/** What the samples show: the request that a form would send, without what is secret. */
export interface Sample {
  readonly url: string
  /** The address of the server, for clients that add the path. */
  readonly base: string
  readonly body: Body
  readonly input: Input
  readonly methods: readonly Method[]
  readonly isStream: boolean
}

/** A header whose value is a variable of the environment. */
export interface SecretHeader {
  readonly name: string
  /** What stands before the variable. */
  readonly prefix: string
  readonly variable: string
}

/** The credentials that a sample sends: the first way to sign in, from variables. */
export function secretHeader(methods: readonly Method[]): SecretHeader | undefined {
  const [method] = methods
  if (method?.kind === 'bearer') return { name: 'Authorization', prefix: 'Bearer ', variable: 'TOKEN' }
  return method?.kind === 'header' ? { name: method.name, prefix: '', variable: 'TOKEN' } : undefined
}

/** The member of the payload that a token goes to. */
export function secretMember(methods: readonly Method[]): string | undefined {
  const [method] = methods
  return method?.kind === 'member' ? method.name : undefined
}

/** Whether a name and a password are sent. */
export function isBasic(methods: readonly Method[]): boolean {
  return methods[0]?.kind === 'basic'
}

/** Values whose JSON is longer are named as a file in a sample. */
export const MOST_JSON = 20_000
