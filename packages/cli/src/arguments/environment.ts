import { Problems, StartupError } from 'incant/internal/signature'
import { suggest } from '../report/suggest.ts'
import { OPTIONS, type Option } from './option.ts'

/** Environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>

/**
 * The settings in `INCANT_…` variables, by option name. An empty variable counts as not set.
 *
 * @throws {StartupError} `unknown_option` for every other variable with that prefix.
 */
export function readVariables(environment: Environment): ReadonlyMap<string, string> {
  const variables = new Map([...OPTIONS.values()].map(option => [option.variable, option]))
  const given = Object.entries(environment).filter(
    ([name, value]) => name.startsWith('INCANT_') && !OTHERS.has(name) && !isServiceLink(name, value),
  )
  const problems = new Problems()
  const read = new Map(
    given.flatMap(([name, value]) => {
      const option = problems.try(() => variables.get(name) ?? refuseVariable(name, variables), undefined)
      return option === undefined || value === undefined || value === '' ? [] : [[option.name, value] as const]
    }),
  )
  const port = readPlatformPort(environment['PORT'])
  if (port !== undefined && !read.has('port')) read.set('port', port)
  return problems.finish(() => read)
}

/** Variables that are no options: where models are kept, in every command alike. */
const OTHERS: ReadonlySet<string> = new Set(['INCANT_HOME'])

/** `PORT`, by which Cloud Run, Heroku and others say where they expect a server. Anything but a port is not meant for us. */
function readPlatformPort(given = ''): string | undefined {
  return /^\d+$/.test(given) && Number(given) <= 65_535 ? given : undefined
}

/** Variables that Kubernetes sets for a Service, beside `X_PORT`: `X_SERVICE_HOST`, `X_PORT_80_TCP_ADDR`. */
const SERVICE_LINK =
  /^INCANT_(?:\w+_)?(?:SERVICE_(?:HOST|PORT(?:_\w+)?)|PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)$/

/**
 * Whether a variable describes a Service of the cluster whose name begins with `incant`: every pod of its namespace has
 * it. `INCANT_PORT` may be that or the setting, and the value says which.
 */
function isServiceLink(name: string, value = ''): boolean {
  return SERVICE_LINK.test(name) || (name.endsWith('_PORT') && /^(?:tcp|udp|sctp):\/\//.test(value))
}

function refuseVariable(given: string, variables: ReadonlyMap<string, Option>): never {
  const nearest = suggest(given, variables.keys())
  throw new StartupError({
    code: 'unknown_option',
    found: `the environment variable ${given} is not a setting of incant`,
    instead:
      nearest === undefined
        ? 'The prefix INCANT_ is reserved for settings: rename the variable.'
        : `Did you mean ${nearest}?`,
  })
}
