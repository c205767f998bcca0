import { formatError } from '../report/print-error.ts'
import { hasColors } from '../terminal/colors.ts'

/**
 * Runs a command, and prints why it fails.
 *
 * @returns The exit code: that of the command, or 1 with the reason on stderr.
 */
export async function reportFailure(
  words: readonly string[],
  environment: NodeJS.ProcessEnv,
  run: () => Promise<number> | number,
): Promise<number> {
  try {
    return await run()
  } catch (thrown) {
    const debug = asksForStacks(words, environment)
    process.stderr.write(`${formatError(thrown, { debug, colors: hasColors(process.stderr, environment) })}\n`)
    return 1
  }
}

/** Read apart from the other settings, since errors in those must be shown this way too. */
function asksForStacks(words: readonly string[], environment: NodeJS.ProcessEnv): boolean {
  return words.includes('--debug') || ['1', 'true'].includes(environment['INCANT_DEBUG'] ?? '')
}
