import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { StartupError } from 'incant/internal/signature'
import { describeCommand } from '../arguments/help.ts'
import { INSTALL_COMMAND } from '../arguments/install-command.ts'
import { type FlagValues, parseCommand } from '../arguments/parse.ts'
import { resolvePath } from '../arguments/path.ts'
import { splitSettings } from '../arguments/settings-divider.ts'
import type { Installation } from '../systemd/installed.ts'
import { planService, resolveEnvironmentFile, resolveTarget } from '../systemd/plan-service.ts'
import { serviceUnit, socketUnit, unitName } from '../systemd/unit.ts'

/**
 * `incant install`: a service of systemd and its socket, as files.
 *
 * @returns The exit code.
 * @throws {StartupError} `missing_argument`, `invalid_option`, `file_not_found`, `permission_denied`.
 */
export function runInstallCommand(words: readonly string[]): number {
  const { own, settings } = splitSettings(words)
  const parsed = parseCommand(INSTALL_COMMAND, own)
  if (parsed.kind === 'help') {
    process.stdout.write(`${describeCommand(INSTALL_COMMAND)}\n`)
    return 0
  }
  const [name, ...target] = parsed.positionals
  checkName(name)
  const installation = readInstallation(target, parsed.flags, settings)
  const plan = planService(name, installation)
  const folder = resolvePath(parsed.flags.get('out')?.at(-1) ?? '/etc/systemd/system')
  const files = [
    { path: join(folder, `${unitName(name)}.service`), text: serviceUnit(plan, { current: installation }) },
    { path: join(folder, `${unitName(name)}.socket`), text: socketUnit(plan) },
  ]
  for (const { path, text } of files) write(path, text)
  process.stdout.write(files.map(({ path }) => `wrote ${path}\n`).join(''))
  process.stdout.write(
    `to start it: systemctl daemon-reload && systemctl enable --now ${unitName(name)}.socket ${unitName(name)}.service\n`,
  )
  return 0
}

function checkName(name: string | undefined): asserts name is string {
  if (name !== undefined && /^[a-z]([-a-z0-9]{0,51}[a-z0-9])?$/.test(name)) return
  throw new StartupError({
    code: name === undefined ? 'missing_argument' : 'invalid_option',
    found: name === undefined ? 'no name was given' : `"${name}" is no name for a service`,
    instead: `Use lowercase letters, digits and hyphens: ${INSTALL_COMMAND.example}`,
  })
}

function readInstallation(target: readonly string[], flags: FlagValues, settings: readonly string[]): Installation {
  return {
    target: resolveTarget(target),
    listen: flags.get('listen')?.at(-1) ?? '127.0.0.1:8000',
    ...resolveEnvironmentFile(flags.get('envFile')?.at(-1)),
    settings,
  }
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
