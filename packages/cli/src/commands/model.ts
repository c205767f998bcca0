import { asksForHelp, chooseAction, describeActions } from '../arguments/actions.ts'
import { COMMANDS } from '../arguments/command.ts'
import { describeCommand } from '../arguments/help.ts'
import { MODEL_COMMANDS, type ModelAction } from '../arguments/model-command.ts'
import { parseCommand } from '../arguments/parse.ts'
import { exportVersion, importVersion } from '../models/archive.ts'
import type { ModelActionRun } from '../models/call.ts'
import { gc, rm, tag, verify } from '../models/change.ts'
import { create } from '../models/create.ts'
import { describe, diff, list } from '../models/list.ts'
import { pull } from '../models/pull.ts'
import { push } from '../models/push.ts'
import { userStore } from '../models/store/layout.ts'
import { refuseSystem } from '../models/store/refuse-system.ts'

/** What runs each action. */
export const MODEL_ACTIONS: Readonly<Record<ModelAction, ModelActionRun>> = {
  create,
  list,
  describe,
  tag,
  diff,
  rm,
  verify,
  gc,
  export: exportVersion,
  import: importVersion,
  push,
  pull,
}

/**
 * `incant model`: versions of models on this machine.
 *
 * @returns The exit code.
 * @throws {StartupError} Those of the arguments, `model_not_found`, `model_exists`, `model_in_use`, `model_damaged`,
 * `invalid_model`, `model_store`.
 */
export async function runModelCommand(words: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const [first, ...rest] = words
  if (asksForHelp(first)) {
    process.stdout.write(`${describeActions(COMMANDS.model, MODEL_COMMANDS)}\n`)
    return 0
  }
  const action = chooseAction(MODEL_COMMANDS, first, `incant model has no command "${first}"`)
  const command = MODEL_COMMANDS[action]
  const parsed = parseCommand(command, rest)
  if (parsed.kind === 'help') {
    process.stdout.write(`${describeCommand(command)}\n`)
    return 0
  }
  const layout = userStore(environment)
  const output = {
    print: (text: string) => void process.stdout.write(`${text}\n`),
    report: (line: string) => void process.stderr.write(`incant: ${line}\n`),
    terminal: process.stderr,
  }
  return MODEL_ACTIONS[action]({ ...parsed, layout, ...output }).catch(thrown => refuseSystem(thrown, layout.root))
}
