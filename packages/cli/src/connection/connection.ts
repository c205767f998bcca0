import { readFileSync } from 'node:fs'
import { validateHeaderName, validateHeaderValue } from 'node:http'
import { StartupError } from 'incant'
import type { Command } from '../arguments/command-definition.ts'
import type { Environment } from '../arguments/environment.ts'
import type { FlagValues } from '../arguments/parse.ts'
import { resolvePath } from '../arguments/path.ts'

/** A server that a command asks, and with what. */
export interface Connection {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  /** Whether one of the headers is a token. */
  readonly hasToken: boolean
  /** Certificates in PEM. */
  readonly ca: string | undefined
}

/** The options of a command line, and the variables that they may name. */
export interface ConnectionWords {
  readonly flags: FlagValues
  readonly environment: Environment
}

/**
 * Reads the address of a server, and what is sent to it.
 *
 * @throws {StartupError} `missing_argument`, `invalid_option`, `file_not_found`. No message contains a value that may
 * be a secret.
 */
export function readConnection(
  given: string | undefined,
  { example }: Command,
  { flags, environment }: ConnectionWords,
): Connection {
  const ca = flags.get('ca')?.at(-1)
  const token = readToken(flags, environment)
  return {
    url: readURL(given, example),
    headers: { ...readHeaders(flags.get('header') ?? []), ...token },
    hasToken: Object.keys(token).length > 0,
    ca: ca === undefined ? undefined : readText('--ca', ca),
  }
}

function readURL(given: string | undefined, example: string): URL {
  if (given === undefined)
    throw new StartupError({ code: 'missing_argument', found: 'no server was given', instead: `Write: ${example}` })
  const text = given.includes('://') ? given : `http://${given}`
  const url = URL.canParse(text) ? new URL(text) : refuse('the URL is none', `Write: ${example}`)
  if (!/^https?:$/.test(url.protocol)) return refuse('the URL is neither http: nor https:', 'Name the server by one.')
  if (url.username !== '' || url.password !== '') {
    return refuse(
      'the URL contains credentials, and other users can see a command line',
      'Write --token-env or --token-file.',
    )
  }
  return url
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
