import { describeExpectation, type OptionDefinition, readOption } from 'incant/internal/options'
import { type Problems, StartupError } from 'incant/internal/signature'
import { MANIFEST_OPTIONS, PASSED_SETTINGS } from '../arguments/manifest-command.ts'
import { OPTIONS } from '../arguments/option.ts'
import type { FlagValues } from '../arguments/parse.ts'

type Definitions = typeof MANIFEST_OPTIONS

/** The options of a manifest, all present. */
export type ManifestOptions = {
  readonly [Name in keyof Definitions]: Definitions[Name] extends { kind: 'choice'; choices: readonly (infer Choice)[] }
    ? Choice
    : Definitions[Name] extends { kind: 'list' }
      ? readonly string[]
      : Definitions[Name] extends { kind: 'integer' }
        ? number
        : Definitions[Name] extends { kind: 'boolean' }
          ? boolean
          : string
}

/** The options of a manifest. What is wrong is kept in `problems`. */
export function readManifestOptions(flags: FlagValues, problems: Problems): ManifestOptions {
  const entries = Object.entries<OptionDefinition>(MANIFEST_OPTIONS).map(([name, definition]) => [
    name,
    problems.try(() => readFlag(flags, name, definition), definition.default),
  ])
  // The entries are exactly the names of the table, each read by its definition.
  return Object.fromEntries(entries) as ManifestOptions
}

function readFlag(flags: FlagValues, name: string, definition: OptionDefinition): unknown {
  const given = flags.get(name)
  if (given === undefined) return definition.default
  // A value of an option that may be given more than once may have commas: KEY=a,b.
  if (definition.kind === 'list') return given
  return readGiven(name, definition, given.at(-1) ?? '')
}

function readGiven(name: string, definition: OptionDefinition, given: string): unknown {
  const value = readOption(definition, given)
  if (value !== undefined) return value
  const flag = name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
  throw new StartupError({
    code: 'invalid_option',
    found: `--${flag} is ${JSON.stringify(given)}`,
    instead: `Use ${describeExpectation(definition)}.`,
  })
}

/** A setting of the server that a manifest passes on. */
export interface PassedSetting {
  readonly variable: string
  /** As it was given. */
  readonly text: string
  readonly value: unknown
}

/** Settings of the server, by name. What is wrong is kept in `problems`. */
export function readPassedSettings(flags: FlagValues, problems: Problems): ReadonlyMap<string, PassedSetting> {
  const entries = PASSED_SETTINGS.flatMap(name => {
    const option = OPTIONS.get(name)
    const given = flags.get(name)
    if (option === undefined || given === undefined || !('default' in option.definition)) return []
    const { definition, variable } = option
    const text = definition.kind === 'list' ? given.join(',') : (given.at(-1) ?? '')
    return [
      [name, { variable, text, value: problems.try(() => readGiven(name, definition, text), undefined) }] as const,
    ]
  })
  return new Map(entries)
}
