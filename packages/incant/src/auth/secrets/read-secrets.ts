import type { MaybePromise } from '../../async/maybe-promise.ts'
import { describeThrown } from '../../errors/describe-thrown.ts'
import { invalidAuth } from '../invalid-auth.ts'
import type { AuthHost } from '../strategy.ts'
import { SecretFile } from './secret-file.ts'
import { isEnvironmentSecret, isFileSecret } from './secrets.ts'

/** Secrets that may change while the server runs. */
export interface LiveSecrets<Kept> {
  /** The current secrets; a promise if the file must be checked first. */
  current(): MaybePromise<Kept>
}

/** How secrets are read. */
export interface SecretsPlan<Kept> {
  /** The option, for messages: `tokens`. */
  readonly option: string
  /** What is wrong with none, for messages. Default: every call is refused. */
  readonly need?: string
  /** Cuts the text of a variable into secrets. Default: at white space and commas. */
  readonly split?: (text: string) => readonly string[]
  /** Cuts the text of a file into secrets. Default: at the ends of lines. */
  readonly splitFile?: (text: string) => readonly string[]
  /** The fault of a secret, in words that do not contain it. Undefined: none. */
  describeFault(secret: string): string | undefined
  /** Converts the secrets to the form in which they are kept. */
  keep(secrets: readonly string[]): Kept
}

/**
 * Reads secrets from where an option says they are, and refuses what would protect nothing.
 *
 * @throws {StartupError} `invalid_auth`.
 */
export function readSecrets<Kept>(given: unknown, plan: SecretsPlan<Kept>, host: AuthHost): LiveSecrets<Kept> {
  if (isFileSecret(given)) return readFile(given.file, plan, host)
  const kept = plan.keep(checkAll(listSecrets(given, plan, host), plan, 'it'))
  return { current: () => kept }
}

function listSecrets<Kept>(given: unknown, plan: SecretsPlan<Kept>, { secrets }: AuthHost): readonly unknown[] {
  if (typeof given === 'string') return [given]
  if (Array.isArray(given)) return given
  if (!isEnvironmentSecret(given)) throw notSecrets(given, plan.option)
  const text = secrets.environment(given.env)
  if (text === undefined) {
    throw invalidAuth(
      `${plan.option} come from the environment variable ${given.env}, which is not set`,
      `Set ${given.env} before the server starts.`,
    )
  }
  return (plan.split ?? splitAtSpaces)(text)
}

function splitAtSpaces(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter(part => part !== '')
}

function notSecrets(given: unknown, option: string): Error {
  return invalidAuth(
    `${option} is ${describeOther(given)}`,
    `Set ${option} to a string, a list of strings, { env: 'NAME' } or { file: 'path' }, or use another option.`,
  )
}

function describeOther(given: unknown): string {
  if (given === undefined) return 'undefined, as an unset environment variable is'
  if (given === null) return 'null'
  return typeof given === 'object' ? 'an object without env or file' : `a ${typeof given}`
}

/** @param place - Where the secrets are, as the middle of a sentence: "the second of …". */
function checkAll<Kept>(secrets: readonly unknown[], plan: SecretsPlan<Kept>, place: string): readonly string[] {
  if (secrets.length === 0)
    throw invalidAuth(
      `${plan.option} is empty: ${place} contains none`,
      `Add one: ${plan.need ?? 'without it every call is refused'}.`,
    )
  const checked = secrets.filter(secret => typeof secret === 'string')
  for (const [index, secret] of secrets.entries()) {
    const fault =
      typeof secret === 'string' ? plan.describeFault(secret) : `is ${describeType(secret)} and not a string`
    if (fault === undefined) continue
    throw invalidAuth(`${plan.option}: number ${index + 1} ${fault}`, 'Fix it or leave it out.')
  }
  return checked
}

function describeType(value: unknown): string {
  return value === undefined || value === null ? String(value) : `a ${typeof value}`
}

/** @throws {StartupError} `invalid_auth`. */
function readFile<Kept>(path: string, plan: SecretsPlan<Kept>, host: AuthHost): LiveSecrets<Kept> {
  const parse = (text: string) => plan.keep(checkAll((plan.splitFile ?? linesOf)(text), plan, path))
  try {
    const version = host.secrets.fileVersion(path)
    return new SecretFile({ path, option: plan.option, parse, host, version, kept: parse(host.secrets.file(path)) })
  } catch (thrown) {
    throw invalidAuth(
      `${plan.option} cannot be read from their file: ${describeThrown(thrown).message}`,
      `Fix the file ${path}.`,
    )
  }
}

function linesOf(text: string): readonly string[] {
  return text.split(/\r?\n/).filter(line => line.trim() !== '' && !line.startsWith('#'))
}
