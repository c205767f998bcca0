import { readFileSync } from 'node:fs'
import { validateHeaderName, validateHeaderValue } from 'node:http'
import { StartupError } from 'incant'
import { describeExpectation, readOption } from 'incant/internal'
import type { Environment } from '../arguments/environment.ts'
import type { FlagValues } from '../arguments/parse.ts'
import { resolvePath } from '../arguments/path.ts'
import { INTERVAL, TOP_COMMAND } from '../arguments/top-command.ts'

/** The server that `incant top` reads, and how. */
export interface TopSettings {
  /** Where the metrics are. */
  readonly url: URL
  /** Milliseconds. */
  readonly interval: number
  readonly once: boolean
  readonly headers: Readonly<Record<string, string>>
  /** Whether one of the headers is a token. */
  readonly hasToken: boolean
  /** Certificates in PEM. */
  readonly ca: string | undefined
}

/**
 * Reads the arguments of `incant top`.
 *
 * @throws {StartupError} `missing_argument`, `invalid_option`, `file_not_found`. No message contains a value that may
 * be a secret.
 */
export function readTopSettings(
  positionals: readonly string[],
  flags: FlagValues,
  environment: Environment,
): TopSettings {
  const ca = flags.get('ca')?.at(-1)
  const token = readToken(flags, environment)
  return {
    url: readUrl(positionals),
    interval: readInterval(flags.get('interval')?.at(-1)),
    once: flags.get('once')?.at(-1) === 'true',
    headers: { ...readHeaders(flags.get('header') ?? []), ...token },
    hasToken: Object.keys(token).length > 0,
    ca: ca === undefined ? undefined : readText('--ca', ca),
  }
}

function readUrl([given, ...rest]: readonly string[]): URL {
  if (given === undefined || rest.length > 0) {
    throw new StartupError({
      code: given === undefined ? 'missing_argument' : 'invalid_option',
      found: given === undefined ? 'no server was given' : 'incant top watches one server',
      instead: `Write: ${TOP_COMMAND.example}`,
    })
  }
  const text = given.includes('://') ? given : `http://${given}`
  const url = URL.canParse(text) ? new URL(text) : refuse('the URL is none', `Write: ${TOP_COMMAND.example}`)
  if (!/^https?:$/.test(url.protocol)) return refuse('the URL is neither http: nor https:', 'Name the server by one.')
  if (url.username !== '' || url.password !== '') {
    return refuse(
      'the URL contains credentials, and other users can see a command line',
      'Write --token-env or --token-file.',
    )
  }
  return withPath(url)
}

/** The address of a server and that of its metrics are both taken. */
function withPath(url: URL): URL {
  const complete = new URL(url)
  if (!url.pathname.endsWith('/metrics')) complete.pathname = `${url.pathname.replace(/\/+$/, '')}/metrics`
  complete.hash = ''
  return complete
}

function readInterval(given: string | undefined): number {
  const read = given === undefined ? INTERVAL.default : readOption(INTERVAL, given)
  if (typeof read === 'number') return read
  return refuse(`--interval is ${JSON.stringify(given)}`, `Use ${describeExpectation(INTERVAL)}.`)
}

/** Names of headers whose values are secrets. */
const SECRET = /authorization|cookie|token|secret|password|key/i

function readHeaders(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map(text => {
      const [, name = '', value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? []
      if (SECRET.test(name)) {
        return refuse(
          `--header ${name} contains a secret, and other users can see a command line`,
          'Write --token-env NAME or --token-file FILE.',
        )
      }
      return checkHeader('--header', name, value)
    }),
  )
}

function checkHeader(flag: string, name: string, value: string): [string, string] {
  try {
    validateHeaderName(name)
    validateHeaderValue(name, value)
  } catch {
    return refuse(`${flag} makes no header`, 'Write NAME=VALUE, without line breaks.')
  }
  return [name.toLowerCase(), value]
}

function readToken(flags: FlagValues, environment: Environment): Record<string, string> {
  const variable = flags.get('token-env')?.at(-1)
  const file = flags.get('token-file')?.at(-1)
  if (variable !== undefined && file !== undefined) {
    return refuse('both --token-env and --token-file are given', 'Give one of them.')
  }
  if (variable === undefined && file === undefined) return {}
  const flag = variable === undefined ? '--token-file' : '--token-env'
  const token = variable === undefined ? firstLine(readText(flag, file ?? '')) : firstWord(environment[variable] ?? '')
  if (token === undefined) return refuse(`${flag} ${variable ?? file} is empty`, 'Put the token there.')
  return Object.fromEntries([checkHeader(flag, 'authorization', `Bearer ${token}`)])
}

/** Of several tokens, as a server reads them from a variable, any will do. */
function firstWord(text: string): string | undefined {
  return text.split(/[\s,]+/).find(word => word !== '')
}

/** The same for a file, where a line that begins with # is a comment. */
function firstLine(text: string): string | undefined {
  return text
    .split(/\r?\n/)
    .find(line => line.trim() !== '' && !line.startsWith('#'))
    ?.trim()
}

function readText(flag: string, path: string): string {
  try {
    return readFileSync(resolvePath(path), 'utf8')
  } catch (cause) {
    throw new StartupError({
      code: 'file_not_found',
      found: `${flag}: cannot read ${path}`,
      instead: 'Name an existing file that you can read.',
      cause,
    })
  }
}

function refuse(found: string, instead: string): never {
  throw new StartupError({ code: 'invalid_option', found, instead })
}
