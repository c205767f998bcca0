import { asksForHelp, chooseAction, describeActions } from '../arguments/actions.ts'
import { COMMANDS } from '../arguments/command.ts'
import type { Command } from '../arguments/command-definition.ts'
import { describeCommand } from '../arguments/help.ts'
import { parseCommand } from '../arguments/parse.ts'
import { DEPLOY_COMMAND, SERVER_COMMANDS, type ServerAction } from '../arguments/server-command.ts'
import { readServerName } from '../arguments/server-name.ts'
import { splitSettings } from '../arguments/settings-divider.ts'
import * as actions from '../server/actions.ts'
import { runLocalServerCommand } from './server-local.ts'

const ACTIONS: Readonly<Record<ServerAction, actions.Action>> = {
  list: actions.list,
  describe: actions.describe,
  status: actions.status,
  logs: actions.logs,
  start: actions.start,
  stop: actions.stop,
  update: actions.update,
  rollback: actions.rollback,
  scale: actions.scale,
  rm: actions.rm,
  predict: actions.predict,
  healthcheck: actions.healthcheck,
  grafana: actions.grafana,
}

/** Actions that are about no single server. */
const NAMELESS: ReadonlySet<ServerAction> = new Set(['list', 'grafana'])

/**
 * `incant deploy`.
 *
 * @returns The exit code.
 * @throws {StartupError} `cluster_failed`, `rollout_failed`, and those of the arguments.
 */
export async function runDeployCommand(words: readonly string[]): Promise<number> {
  return runAction(DEPLOY_COMMAND, words, actions.deploy)
}

/**
 * `incant server`.
 *
 * @returns The exit code.
 * @throws {StartupError} `cluster_failed`, `rollout_failed`, and those of the arguments.
 */
export async function runServerCommand(words: readonly string[]): Promise<number> {
  const [first, ...rest] = words
  if (asksForHelp(first)) {
    process.stdout.write(`${describeActions(COMMANDS.server, SERVER_COMMANDS)}\n`)
    return 0
  }
  const action = chooseAction(SERVER_COMMANDS, first, `incant server has no command "${first}"`)
  const split = splitSettings(rest)
  if (split.own.includes('--local')) return runLocalServerCommand(action, split)
  return runAction(SERVER_COMMANDS[action], rest, ACTIONS[action])
}

async function runAction(command: Command, words: readonly string[], action: actions.Action): Promise<number> {
  const parsed = parseCommand(command, words)
  if (parsed.kind === 'help') {
    process.stdout.write(`${describeCommand(command, parsed.topic)}\n`)
    return 0
  }
  const name = isNameless(command) ? '' : readServerName(command, parsed.positionals)
  return action({
    name,
    flags: parsed.flags,
    kubectl: actions.toKubectl(parsed.flags),
    report: line => process.stderr.write(`incant: ${line}\n`),
    print: text => process.stdout.write(`${text}\n`),
  })
}

function isNameless(command: Command): boolean {
  return [...NAMELESS].some(action => SERVER_COMMANDS[action] === command)
}
