import { isTokenStore, type TokenStore } from '../token-store.ts'

/** A secret by the name of an environment variable. Several are separated by white space or commas. */
export interface EnvironmentSecret {
  readonly env: string
}

/**
 * A secret in a file, such as a mounted Kubernetes secret: one a line, without empty lines and lines that begin with
 * `#`. A changed file is used within a second; if it is not usable, the former content stays in use, and the log says
 * so.
 */
export interface FileSecret {
  readonly file: string
}

/** A secret, or several; all of them are valid at once. */
export type Secrets = string | readonly string[] | EnvironmentSecret | FileSecret

/** Where tokens come from: the tokens themselves, or a store of hashed ones that can expire and be revoked. */
export type Tokens = Secrets | TokenStore

export function isEnvironmentSecret(value: unknown): value is EnvironmentSecret {
  return hasText(value, 'env')
}

export function isFileSecret(value: unknown): value is FileSecret {
  return hasText(value, 'file')
}

function hasText(value: unknown, name: string): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !isTokenStore(value) &&
    typeof Reflect.get(value, name) === 'string'
  )
}
