import { type PredictSignature, StartupError, type ValidationIssue } from 'incant'
import { compileValidator } from 'incant/internal'
import { suggest } from '../report/suggest.ts'
import type { ConfigFile } from './config-file.ts'

/**
 * Checks `--config` against the type of the constructor's parameter, and gives warnings about what looks wrong without
 * being so. Where no type is known, any value is right. With no file, a constructor that can do with an empty object,
 * or without any, is content.
 *
 * @throws {StartupError} `invalid_config`, with the place of the value.
 */
export function checkConfig(signature: PredictSignature | undefined, file: ConfigFile | undefined): readonly string[] {
  if (signature?.config === undefined || (file === undefined && signature.config.optional === true)) return []
  const { validate } = compileValidator(signature.config.schema, signature.definitions)
  const result = validate(file === undefined ? {} : file.value)
  if (!result.ok)
    return file === undefined ? refuseAbsence(signature, result.issues) : refuse(signature, file, result.issues)
  return file === undefined ? [] : describeUnknownMembers(signature, file)
}

function refuseAbsence(signature: PredictSignature, issues: readonly ValidationIssue[]): never {
  throw new StartupError({
    code: 'invalid_config',
    found: `the constructor of ${signature.className} needs values, but --config is not given: ${issues.map(describeIssue).join('; ')}`,
    instead: 'Put them in a YAML file: --config FILE.',
    ...(signature.location === undefined ? {} : { location: signature.location }),
  })
}

function refuse(signature: PredictSignature, file: ConfigFile, issues: readonly ValidationIssue[]): never {
  const [first = '', ...more] = issues.map(describeIssue)
  throw new StartupError({
    code: 'invalid_config',
    found: `${first}${more.length === 0 ? '' : `; and ${more.length} more: ${more.join('; ')}`}`,
    instead: `Change the value, or the type of the parameter of ${signature.className}'s constructor${describePlace(signature)}.`,
    location: file.locate(toPath(issues[0]?.pointer ?? '#')),
  })
}

function describeIssue({ pointer, detail }: ValidationIssue): string {
  return `${toPath(pointer).join('.') || 'the configuration'} ${detail}`
}

function describePlace({ location }: PredictSignature): string {
  return location === undefined
    ? ''
    : ` (${[location.file, location.line].filter(part => part !== undefined).join(':')})`
}

/** RFC 6901 §6: a pointer in a URI fragment, percent-decoded, then `~1` and `~0`. */
function toPath(pointer: string): string[] {
  const tokens = pointer.split('/').slice(1)
  return tokens.map(token => decodeURIComponent(token).replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** Members at the top that the type does not know: left out, as everywhere, but most often a slip of the pen. */
function describeUnknownMembers(signature: PredictSignature, file: ConfigFile): string[] {
  const known = knownMembers(signature)
  const { value } = file
  if (known === undefined || typeof value !== 'object' || value === null) return []
  const unknown = Object.keys(value).filter(name => !known.includes(name))
  return unknown.map(name => describeUnknown(name, known, file))
}

/** The names an object type has, where it has no others. */
function knownMembers({ config, definitions }: PredictSignature): readonly string[] | undefined {
  const schema = definitions[config?.schema.$ref?.replace('#/$defs/', '') ?? ''] ?? config?.schema
  const isOpen = schema?.additionalProperties !== undefined || schema?.patternProperties !== undefined
  return schema?.properties === undefined || isOpen ? undefined : Object.keys(schema.properties)
}

function describeUnknown(name: string, known: readonly string[], file: ConfigFile): string {
  const { file: path, line, column } = file.locate([name])
  const nearest = suggest(name, known)
  const advice = nearest === undefined ? `It knows ${known.join(', ')}.` : `Did you mean "${nearest}"?`
  return `${path}:${line}:${column}: the constructor's type has no member "${name}", which is left out. ${advice}`
}
