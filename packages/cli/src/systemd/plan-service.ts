import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { readOption, SERVER_OPTIONS } from 'incant/internal/options'
import { formatModelId, StartupError } from 'incant/internal/signature'
import { COMMANDS } from '../arguments/command.ts'
import { parseCommand } from '../arguments/parse.ts'
import { resolvePath } from '../arguments/path.ts'
import { readTarget } from '../arguments/target.ts'
import { ownFile } from '../files/own-file.ts'
import { bundleIn } from '../load/bundle-in.ts'
import type { Installation } from './installed.ts'
import type { UnitPlan } from './unit.ts'

/**
 * The plan of a service.
 *
 * @throws {StartupError} `missing_argument`, `invalid_option`, `unknown_option`, `file_not_found`: for a predictor, a file or a
 * setting with which the service would not start.
 */
export function planService(name: string, installation: Installation): UnitPlan {
  const { target, listen, environmentFile, settings } = installation
  const { program, folder } = readProgram(target)
  checkSettings(settings)
  return {
    name,
    command: [process.execPath, ...program, ...settings],
    folder,
    ...(environmentFile === undefined ? {} : { environmentFile: checkFile(environmentFile) }),
    listen: checkAddress(listen),
    stopTimeout: timeOf(settings, 'drainDelay') + timeOf(settings, 'gracePeriod') + CLOSE,
  }
}

/** The words of a target, paths absolute. */
export function resolveTarget(words: readonly string[]): readonly string[] {
  const bundle = bundleIn(words)
  if (bundle !== undefined) return [...bundle.words, dirname(bundle.server)]
  const { file, model } = readTarget(COMMANDS.serve, words)
  return model === undefined ? [file] : [formatModelId(model), file]
}

/** A bundle runs by itself; a file needs the command. */
function readProgram(target: readonly string[]): { readonly program: readonly string[]; readonly folder: string } {
  const bundle = bundleIn(target)
  if (bundle !== undefined) return { program: [bundle.server, ...bundle.words], folder: dirname(bundle.server) }
  const { file } = readTarget(COMMANDS.serve, target)
  return { program: [ownFile('bin/incant.js'), 'serve', ...target], folder: dirname(file) }
}

/** What follows the last response, in milliseconds. */
const CLOSE = 10_000

/** Settings of the server are refused here, not when systemd starts it. */
function checkSettings(settings: readonly string[]): void {
  const parsed = parseCommand(COMMANDS.serve, settings)
  const decided = parsed.kind === 'help' ? [] : ['host', 'port', 'listen'].filter(name => parsed.flags.has(name))
  if (parsed.kind === 'command' && parsed.positionals.length === 0 && decided.length === 0) return
  throw new StartupError({
    code: 'invalid_option',
    found: 'after -- stands what is no setting of the server, or an address',
    instead: 'Write settings alone, such as -- --workers 2; the address is --listen of incant install.',
  })
}

function timeOf(settings: readonly string[], name: 'drainDelay' | 'gracePeriod'): number {
  const parsed = parseCommand(COMMANDS.serve, settings)
  const given = parsed.kind === 'command' ? parsed.flags.get(name)?.at(-1) : undefined
  const value = given === undefined ? undefined : readOption(SERVER_OPTIONS[name], given)
  return typeof value === 'number' ? value : SERVER_OPTIONS[name].default
}

function checkAddress(text: string): string {
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

/** The file of variables that a command line names, absolute. */
export function resolveEnvironmentFile(given: string | undefined): Pick<Installation, 'environmentFile'> {
  return given === undefined ? {} : { environmentFile: resolvePath(given) }
}
