import { describeCommand } from '../arguments/help.ts'
import { MANIFEST_COMMAND } from '../arguments/manifest-command.ts'
import { parseCommand } from '../arguments/parse.ts'
import { readServerName } from '../arguments/server-name.ts'
import { readPlan } from '../manifest/read-plan.ts'
import { writeManifest } from '../manifest/write-manifest.ts'

/**
 * `incant manifest`: YAML on standard output.
 *
 * @returns The exit code.
 * @throws {StartupError} `missing_argument`, `invalid_option`, `unknown_option`.
 */
export function runManifestCommand(words: readonly string[]): number {
  const parsed = parseCommand(MANIFEST_COMMAND, words)
  if (parsed.kind === 'help') {
    process.stdout.write(`${describeCommand(MANIFEST_COMMAND, parsed.topic)}\n`)
    return 0
  }
  const name = readServerName(MANIFEST_COMMAND, parsed.positionals)
  process.stdout.write(writeManifest(readPlan(name, parsed.flags), parsed.flags))
  return 0
}
