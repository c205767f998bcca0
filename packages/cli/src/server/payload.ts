import { readFileSync } from 'node:fs'
import { StartupError } from 'incant/internal/signature'
import type { FlagValues } from '../arguments/parse.ts'
import { resolvePath } from '../arguments/path.ts'

/**
 * The payload of `--data`.
 *
 * @throws {StartupError} `missing_argument`, `file_not_found`.
 */
export async function readPayload(flags: FlagValues): Promise<Uint8Array> {
  const data = flags.get('data')?.at(-1)
  if (data === undefined)
    throw new StartupError({
      code: 'missing_argument',
      found: 'no payload was given',
      instead: `Write --data '{"text":"hello"}', --data @FILE, or --data @- for standard input.`,
    })
  if (data === '@-') return readAll(process.stdin)
  return data.startsWith('@') ? readFile(data.slice(1)) : Buffer.from(data)
}

async function readAll(stream: NodeJS.ReadableStream): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

/**
 * The header of `--token-env` or `--token-file`.
 *
 * @throws {StartupError} `invalid_option`, `file_not_found`. No message has the token.
 */
export function readToken(flags: FlagValues): Readonly<Record<string, string>> {
  const [variable, file] = [flags.get('tokenEnv')?.at(-1), flags.get('tokenFile')?.at(-1)]
  if (variable === undefined && file === undefined) return {}
  const text = variable === undefined ? Buffer.from(readFile(file ?? '')).toString() : (process.env[variable] ?? '')
  const token = text.split(/[\s,]+/).find(word => word !== '')
  if (token !== undefined) return { authorization: `Bearer ${token}` }
  throw new StartupError({
    code: 'invalid_option',
    found: `${variable === undefined ? `--token-file ${file}` : `--token-env ${variable}`} is empty`,
    instead: 'Put the token there.',
  })
}

function readFile(path: string): Uint8Array {
  try {
    return readFileSync(resolvePath(path))
  } catch (cause) {
    throw new StartupError({
      code: 'file_not_found',
      found: `${path} cannot be read`,
      instead: 'Name an existing file that you can read.',
      cause,
    })
  }
}
