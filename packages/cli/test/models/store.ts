import { join } from 'node:path'
import { MODEL_COMMANDS, type ModelAction } from '../../src/arguments/model-command.ts'
import { parseCommand } from '../../src/arguments/parse.ts'
import { MODEL_ACTIONS } from '../../src/commands/model.ts'
import { Layout } from '../../src/models/store/layout.ts'
import { temporaryFolder } from '../temporary-folder.ts'

/** What a command printed, and its exit code. */
export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A store of models in a folder that is removed with the test. */
export interface TestStore {
  /** `INCANT_HOME` */
  readonly home: string
  readonly layout: Layout
  /** Runs `incant model ACTION …` in this process. Errors are thrown. */
  run(action: ModelAction, ...words: readonly string[]): Promise<Ran>
  /** The same with `--json`, its output read. */
  json<Value>(action: ModelAction, ...words: readonly string[]): Promise<Value>
}

/** A store, empty unless it is that of a folder that exists. */
export function testStore(home: string = temporaryFolder()): TestStore {
  const layout = new Layout(join(home, 'models'))
  const run = async (action: ModelAction, ...words: readonly string[]): Promise<Ran> => {
    const parsed = parseCommand(MODEL_COMMANDS[action], words)
    if (parsed.kind !== 'command') throw new Error('The words ask for help')
    const output = { stdout: '', stderr: '' }
    const code = await MODEL_ACTIONS[action]({
      ...parsed,
      layout,
      print: text => {
        output.stdout += `${text}\n`
      },
      report: line => {
        output.stderr += `${line}\n`
      },
      terminal: { write: () => {} },
    })
    return { code, ...output }
  }
  // The caller knows what the action prints.
  const json = async <Value>(action: ModelAction, ...words: readonly string[]): Promise<Value> =>
    JSON.parse((await run(action, ...words, '--json')).stdout) as Value
  return { home, layout, run, json }
}
