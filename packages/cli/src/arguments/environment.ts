import { StartupError } from 'incant/signature'
import { OPTIONS, type Option } from './option.ts'
import { suggest } from './suggest.ts'

/** Environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>

/**
 * The settings that `INCANT_…` variables hold, by option name. An empty variable counts as not set.
 *
 * @throws {StartupError} `unknown_option` for a variable of that prefix that means nothing.
 */
export function readVariables(environment: Environment): ReadonlyMap<string, string> {
  const variables = new Map([...OPTIONS.values()].map(option => [option.variable, option]))
  const given = Object.entries(environment).filter(([name]) => name.startsWith('INCANT_'))
  return new Map(
    given.flatMap(([name, value]) => {
      const option = variables.get(name) ?? refuseVariable(name, variables)
      return value === undefined || value === '' ? [] : [[option.name, value] as const]
    }),
  )
}

function refuseVariable(given: string, variables: ReadonlyMap<string, Option>): never {
  const nearest = suggest(given, variables.keys())
  throw new StartupError({
    code: 'unknown_option',
    found: `the environment variable ${given} means nothing to incant`,
    instead:
      nearest === undefined
        ? 'Variables that start with INCANT_ are its settings; name yours otherwise.'
        : `Did you mean ${nearest}?`,
  })
}
