import type { Body } from '../call/body.ts'
import type { Input } from '../call/form-state.ts'
import type { Method } from '../sign-in/methods.ts'

/** The content of the samples: the request that the form would send, without secrets. */
export interface Sample {
  readonly url: string
  /** The base address of the server, for clients that add the path. */
  readonly base: string
  readonly body: Body
  readonly input: Input
  readonly methods: readonly Method[]
  readonly isStream: boolean
}

/** A header whose value comes from an environment variable. */
export interface SecretHeader {
  readonly name: string
  /** The text before the variable. */
  readonly prefix: string
  readonly variable: string
}

/** The credentials of a sample: the first way to sign in, with values from environment variables. */
export function secretHeader(methods: readonly Method[]): SecretHeader | undefined {
  const [method] = methods
  if (method?.kind === 'bearer') return { name: 'Authorization', prefix: 'Bearer ', variable: 'TOKEN' }
  return method?.kind === 'header' ? { name: method.name, prefix: '', variable: 'TOKEN' } : undefined
}

/** The member of the payload for the token. */
export function secretMember(methods: readonly Method[]): string | undefined {
  const [method] = methods
  return method?.kind === 'member' ? method.name : undefined
}

/** Whether the sample sends a name and a password. */
export function isBasic(methods: readonly Method[]): boolean {
  return methods[0]?.kind === 'basic'
}

/** A sample reads values with longer JSON from a file. */
export const MOST_JSON = 20_000
