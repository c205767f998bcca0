import { formatModelId, StartupError } from 'incant/internal/signature'
import type { Command } from '../arguments/command-definition.ts'
import type { FlagValues } from '../arguments/parse.ts'
import { type BarStream, ProgressBar } from '../terminal/progress-bar.ts'
import { counted, showBytes } from '../terminal/quantity.ts'
import type { Version } from './store/catalog.ts'
import type { Layout } from './store/layout.ts'

/** One call of an action of `incant model`, read. */
export interface ModelCall {
  readonly command: Command
  readonly positionals: readonly string[]
  readonly flags: FlagValues
  readonly layout: Layout
  /** Writes to standard output: what a script reads. */
  readonly print: (text: string) => void
  /** Writes to standard error: what a person reads. */
  readonly report: (line: string) => void
  /** Where progress is drawn. */
  readonly terminal: BarStream
}

/** What an action does. The result is the exit code. */
export type ModelActionRun = (call: ModelCall) => Promise<number>

/**
 * The arguments of a call.
 *
 * @throws {StartupError} `missing_argument`, `invalid_option`.
 */
export function readArguments(
  { command, positionals }: Pick<ModelCall, 'command' | 'positionals'>,
  { least, most = least }: { readonly least: number; readonly most?: number },
): readonly string[] {
  const { length } = positionals
  if (length >= least && length <= most) return positionals
  throw new StartupError({
    code: length < least ? 'missing_argument' : 'invalid_option',
    found: `incant ${command.name} takes ${command.usage || 'no arguments'}, and ${length === 0 ? 'none' : positionals.join(' ')} was given`,
    instead: `Write: incant ${`${command.name} ${command.usage}`.trimEnd()}`,
  })
}

/** The last value of a flag. */
export function flagValue({ flags }: Pick<ModelCall, 'flags'>, name: string): string | undefined {
  return flags.get(name)?.at(-1)
}

/** Whether a switch is on. */
export function isOn({ flags }: Pick<ModelCall, 'flags'>, name: string): boolean {
  return flags.get(name)?.at(-1) === 'true'
}

/** Prints a value as JSON. */
export function printJSON({ print }: Pick<ModelCall, 'print'>, value: unknown): void {
  print(JSON.stringify(value, null, 2))
}

/** Does something of many bytes with a bar that shows how far it is. */
export async function withBar<Result>(
  { terminal }: Pick<ModelCall, 'terminal'>,
  { label, total }: { readonly label: string; readonly total: number },
  run: (onBytes: (bytes: number) => void) => Promise<Result>,
): Promise<Result> {
  const bar = new ProgressBar(label, total, terminal)
  try {
    return await run(bytes => bar.add(bytes))
  } finally {
    bar.end()
  }
}

/** `3 files, 1.2 MiB, sha256:…` */
export function describeVersion({ files, size, digest }: Pick<Version, 'files' | 'size' | 'digest'>): string {
  return `${counted(files, 'file')}, ${showBytes(size)}, ${digest}`
}

/** `words:v1 has these files already` or `created words:v1`, with the facts. */
export function reportCreation(
  { report }: Pick<ModelCall, 'report'>,
  { version, isNew }: { readonly version: Version; readonly isNew: boolean },
): void {
  const id = formatModelId(version)
  report(`${isNew ? `created ${id}` : `${id} has these files already`}: ${describeVersion(version)}`)
}
