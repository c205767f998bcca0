import { StartupError } from 'incant/internal/signature'
import { describeCommand } from '../arguments/help.ts'
import { parseCommand } from '../arguments/parse.ts'
import type { ServerAction } from '../arguments/server-command.ts'
import { LOCAL_SERVER_COMMANDS, type LocalServerAction } from '../arguments/server-local-command.ts'
import { readServerName } from '../arguments/server-name.ts'
import type { SplitWords } from '../arguments/settings-divider.ts'
import * as local from '../server/local.ts'
import { Systemctl } from '../systemd/systemctl.ts'

const ACTIONS: Readonly<Record<LocalServerAction, local.LocalAction>> = {
  list: local.list,
  describe: local.describe,
  status: local.status,
  logs: local.logs,
  start: local.start,
  stop: local.stop,
  update: local.update,
  rollback: local.rollback,
  rm: local.rm,
  predict: local.predict,
  healthcheck: local.healthcheck,
}

/**
 * `incant server … --local`: the actions on services of this machine.
 *
 * @returns The exit code.
 * @throws {StartupError} `systemd_failed`, `rollout_failed`, and those of the arguments.
 */
export async function runLocalServerCommand(action: ServerAction, { own, settings }: SplitWords): Promise<number> {
  if (!isLocal(action)) return refuseAction(action)
  const command = LOCAL_SERVER_COMMANDS[action]
  const parsed = parseCommand(command, own)
  if (parsed.kind === 'help') {
    process.stdout.write(`${describeCommand(command, parsed.topic)}\n`)
    return 0
  }
  if (settings.length > 0 && action !== 'update') refuseSettings(command.name)
  const [name, ...target] = parsed.positionals
  const taken = action === 'update' ? parsed.positionals.slice(0, 1) : parsed.positionals
  return ACTIONS[action]({
    name: action === 'list' ? '' : readServerName(command, taken),
    target: name === undefined ? [] : target,
    flags: parsed.flags,
    settings,
    systemctl: new Systemctl(),
    report: line => process.stderr.write(`incant: ${line}\n`),
    print: text => process.stdout.write(`${text}\n`),
  })
}

function refuseSettings(command: string): never {
  throw new StartupError({
    code: 'invalid_option',
    found: `incant ${command} takes no settings of a server`,
    instead: 'To change them, write: incant server update NAME --local -- SETTINGS',
  })
}

function isLocal(action: ServerAction): action is LocalServerAction {
  return Object.hasOwn(LOCAL_SERVER_COMMANDS, action)
}

function refuseAction(action: ServerAction): never {
  throw new StartupError({
    code: 'invalid_option',
    found: `incant server ${action} has no --local`,
    instead:
      action === 'scale'
        ? 'A server of one machine has more or fewer replicas: incant server update NAME --local -- --workers 4'
        : `Leave it out: incant server ${action}`,
  })
}
