import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readOption, SERVER_OPTIONS } from 'incant/internal/options'
import { StartupError } from 'incant/internal/signature'
import { COMMANDS } from '../arguments/command.ts'
import { describeCommand } from '../arguments/help.ts'
import { INSTALL_COMMAND } from '../arguments/install-command.ts'
import { type FlagValues, parseCommand } from '../arguments/parse.ts'
import { resolvePath } from '../arguments/path.ts'
import { readTarget } from '../arguments/target.ts'
import { ownFile } from '../files/own-file.ts'
import { serviceUnit, socketUnit, type UnitPlan, unitName } from '../systemd/unit.ts'

/**
 * `incant install`: a service of systemd and its socket, as files.
 *
 * @returns The exit code.
 * @throws {StartupError} `missing_argument`, `invalid_option`, `file_not_found`, `permission_denied`.
 */
export function runInstallCommand(words: readonly string[]): number {
  const divider = words.indexOf('--')
  const [own, passed] = divider < 0 ? [words, []] : [words.slice(0, divider), words.slice(divider + 1)]
  const parsed = parseCommand(INSTALL_COMMAND, own)
  if (parsed.kind === 'help') {
    process.stdout.write(`${describeCommand(INSTALL_COMMAND)}\n`)
    return 0
  }
  const folder = resolvePath(parsed.flags.get('out')?.at(-1) ?? '/etc/systemd/system')
  const plan = readPlan(parsed.positionals, parsed.flags, passed)
  const files = [
    { path: join(folder, `${unitName(plan.name)}.service`), text: serviceUnit(plan) },
    { path: join(folder, `${unitName(plan.name)}.socket`), text: socketUnit(plan) },
  ]
  for (const { path, text } of files) write(path, text)
  process.stdout.write(files.map(({ path }) => `wrote ${path}\n`).join(''))
  process.stdout.write(
    `to start it: systemctl daemon-reload && systemctl enable --now ${unitName(plan.name)}.socket ${unitName(plan.name)}.service\n`,
  )
  return 0
}

function readPlan([name, ...rest]: readonly string[], flags: FlagValues, passed: readonly string[]): UnitPlan {
  if (name === undefined || !/^[a-z]([-a-z0-9]{0,51}[a-z0-9])?$/.test(name))
    throw new StartupError({
      code: name === undefined ? 'missing_argument' : 'invalid_option',
      found: name === undefined ? 'no name was given' : `"${name}" is no name for a service`,
      instead: `Use lowercase letters, digits and hyphens: ${INSTALL_COMMAND.example}`,
    })
  const { file, model } = readTarget(COMMANDS.serve, rest)
  const id = model === undefined ? [] : [`${model.name}:${model.version}`]
  const environmentFile = flags.get('envFile')?.at(-1)
  return {
    name,
    command: [process.execPath, ownFile('bin/incant.js'), 'serve', ...id, file, ...checkPassed(passed)],
    folder: dirname(file),
    ...(environmentFile === undefined ? {} : { environmentFile: checkFile(resolvePath(environmentFile)) }),
    listen: readAddress(flags.get('listen')?.at(-1) ?? '127.0.0.1:8000'),
    stopTimeout: timeOf(passed, 'drainDelay') + timeOf(passed, 'gracePeriod') + CLOSE,
  }
}

/** What follows the last response, in milliseconds. */
const CLOSE = 10_000

/** Settings of the server are refused here, not when systemd starts it. */
function checkPassed(passed: readonly string[]): readonly string[] {
  const parsed = parseCommand(COMMANDS.serve, passed)
  const decided = parsed.kind === 'help' ? [] : ['host', 'port', 'listen'].filter(name => parsed.flags.has(name))
  if (parsed.kind === 'command' && parsed.positionals.length === 0 && decided.length === 0) return passed
  throw new StartupError({
    code: 'invalid_option',
    found: 'after -- stands what is no setting of the server, or an address',
    instead: 'Write settings alone, such as -- --workers 2; the address is --listen of incant install.',
  })
}

function timeOf(passed: readonly string[], name: 'drainDelay' | 'gracePeriod'): number {
  const parsed = parseCommand(COMMANDS.serve, passed)
  const given = parsed.kind === 'command' ? parsed.flags.get(name)?.at(-1) : undefined
  const value = given === undefined ? undefined : readOption(SERVER_OPTIONS[name], given)
  return typeof value === 'number' ? value : SERVER_OPTIONS[name].default
}

function readAddress(text: string): string {
  const [, port] = /^(?:\[[0-9a-f:]+\]|[\d.]+):(\d{1,5})$/i.exec(text) ?? []
  if (port !== undefined && Number(port) > 0 && Number(port) <= 65_535) return text
  throw new StartupError({
    code: 'invalid_option',
    found: `--listen is ${JSON.stringify(text)}`,
    instead: 'Write an address and a port: 127.0.0.1:8000, 0.0.0.0:443 or [::]:443.',
  })
}

function checkFile(path: string): string {
  if (existsSync(path)) return path
  throw new StartupError({
    code: 'file_not_found',
    found: `there is no file ${path}`,
    instead: 'Name an existing file: --env-file FILE.',
  })
}

function write(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  } catch (cause) {
    throw new StartupError({
      code: 'permission_denied',
      found: `${path} cannot be written`,
      instead: 'Run it as root, or write to another folder: --out DIR.',
      cause,
    })
  }
}
