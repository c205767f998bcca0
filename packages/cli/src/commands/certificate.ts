import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { StartupError } from 'incant'
import { describeCommand } from '../arguments/help.ts'
import { type FlagValues, parseCommand } from '../arguments/parse.ts'
import { resolvePath } from '../arguments/path.ts'
import { CERTIFICATE_COMMAND } from '../certificate/command.ts'
import { type CertificateFiles, makeDevelopmentCertificates } from '../certificate/development.ts'
import { displayPath } from '../files/display-path.ts'
import { readDuration } from '../token/when.ts'

const DEFAULT_NAMES: readonly string[] = ['localhost', '127.0.0.1', '::1']

/**
 * `incant cert dev`: certificates for trying a private server.
 *
 * @returns The exit code.
 * @throws {StartupError} `invalid_option`, `missing_argument`; nothing has been written then.
 */
export async function runCertificateCommand(words: readonly string[]): Promise<number> {
  const [action, ...rest] = words
  const parsed = parseCommand(CERTIFICATE_COMMAND, action === 'dev' ? rest : words)
  if (parsed.kind === 'help' || action === undefined || action === 'help') {
    process.stdout.write(`${describeCommand(CERTIFICATE_COMMAND)}\n`)
    return 0
  }
  if (action !== 'dev' || parsed.positionals.length > 0) throw refuseWords()
  const { flags } = parsed
  const folder = resolvePath(flags.get('out')?.at(-1) ?? 'certificates')
  const lifetime = readDuration('--expires', flags.get('expires')?.at(-1) ?? '90d')
  const client = flags.get('client')?.at(-1)
  write(folder, await makeDevelopmentCertificates({ names: readNames(flags), client, lifetime }))
  process.stdout.write(`${describeUse(displayPath(folder), client)}\n`)
  return 0
}

function readNames(flags: FlagValues): readonly string[] {
  const names = flags.get('name') ?? DEFAULT_NAMES
  const wrong = names.find(name => isIP(name) === 0 && !/^(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*$/i.test(name))
  if (wrong === undefined) return names
  throw new StartupError({
    code: 'invalid_option',
    found: `--name is ${JSON.stringify(wrong)}`,
    instead: 'Use a host name or an address, such as model.internal.',
  })
}

/** An existing certificate may be in use. */
function write(folder: string, files: CertificateFiles): void {
  const taken = [...files.keys()].find(name => existsSync(join(folder, name)))
  if (taken !== undefined) {
    throw new StartupError({
      code: 'invalid_option',
      found: `${displayPath(join(folder, taken))} already exists`,
      instead: 'Remove it, or name another folder with --out.',
    })
  }
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of files) {
    writeFileSync(join(folder, name), text, { flag: 'wx', mode: name.endsWith('key.pem') ? 0o600 : 0o644 })
  }
}

function describeUse(folder: string, client: string | undefined): string {
  const caller = client === undefined ? '' : ` --client-ca ${folder}/ca.pem`
  const proof = client === undefined ? '' : ` --cert ${folder}/client.pem --key ${folder}/client-key.pem`
  return [
    `incant serve predictor.ts --visibility private --allow 127.0.0.0/8 --tls-cert ${folder}/cert.pem --tls-key ${folder}/key.pem${caller}`,
    `curl --cacert ${folder}/ca.pem${proof} https://localhost:8000/health`,
  ].join('\n')
}

function refuseWords(): StartupError {
  return new StartupError({
    code: 'missing_argument',
    found: 'incant cert has one action, dev',
    instead: `Write: incant ${CERTIFICATE_COMMAND.name} ${CERTIFICATE_COMMAND.usage}`,
  })
}
