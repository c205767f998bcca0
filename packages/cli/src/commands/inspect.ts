import { type JSONSchema, type ParameterSignature, type PredictSignature, StartupError } from 'incant'
import { describePredictor, formatLocation, reportFaces, resolveSignature } from 'incant/internal'
import { describeProtocols } from '../announce/describe-protocols.ts'
import { describeSignature } from '../announce/describe-signature.ts'
import type { Settings } from '../arguments/settings.ts'
import { isSourceFile } from '../files/file-kind.ts'
import { loadClass } from '../load/prepare.ts'
import { readTypes } from '../load/read-types.ts'
import { Stopwatch } from '../report/stopwatch.ts'
import { describeWarning, printWarning } from '../report/warning.ts'

/**
 * `incant inspect`: what the types and decorators of a predictor say. Its file is loaded for the decorators; no predictor
 * is made, so no model is.
 *
 * @throws {StartupError} If the signature cannot be read.
 */
export async function inspectPredictor(file: string, settings: Settings): Promise<number> {
  const { signature, warnings } = await readSignature(file, settings)
  for (const warning of warnings) printWarning(warning)
  const { as } = settings
  if (as !== undefined) {
    const { writePredictor } = await import('./write-predictor.ts')
    writePredictor(as, { file, signature, batched: signature.batched !== undefined, settings: settings.modelFile })
    return 0
  }
  process.stdout.write(`${settings.json ? JSON.stringify(toJSON(signature), null, 2) : describe(signature)}\n`)
  return 0
}

/** The signature as the option takes it, with the protocols that can serve it. */
function toJSON(signature: PredictSignature): object {
  const protocols = reportFaces(signature)
  return protocols.length === 0 ? signature : { ...signature, protocols }
}

interface Reading {
  readonly signature: PredictSignature
  readonly warnings: readonly string[]
}

async function readSignature(file: string, { className, modelFile }: Settings): Promise<Reading> {
  keepStandardOutput()
  try {
    const { predictor, signature, warnings } = await loadClass(file, className, {
      stopwatch: new Stopwatch(),
      modelFile,
      describeOnly: true,
    })
    return { signature: resolveSignature(predictor, signature).signature, warnings }
  } catch (thrown) {
    if (!StartupError.is(thrown) || thrown.code !== 'import_failed') throw thrown
    return readTypesAlone(file, className, thrown)
  }
}

/** Keeps output of the file, while it loads, out of the answer. */
function keepStandardOutput(): void {
  console.log = console.error
  console.info = console.error
  console.debug = console.error
}

/** The types can be read where the code cannot run, as before its packages are installed. */
async function readTypesAlone(file: string, className: string | undefined, failure: StartupError): Promise<Reading> {
  const { signatures, warnings } = await readTypes({ file, className })
  const [signature] = signatures
  if (signature === undefined) throw failure
  const unread = `decorators are left out, since ${failure.found}`
  return { signature, warnings: [...warnings.map(describeWarning), unread] }
}

function describe(signature: PredictSignature): string {
  const { location, description, parameters, returns, config, definitions } = signature
  const isModel = location !== undefined && !isSourceFile(location.file)
  const place = location === undefined ? '' : formatLocation(location)
  const sections = [
    [
      isModel ? place : `${place}  exported as ${signature.exportName ?? signature.className}`.trim(),
      describeSignature(signature),
      ...(description ?? '').split('\n'),
    ],
    ...(isModel ? describeTensors(signature) : describeTypes(parameters, returns)),
    config === undefined ? [] : ["config, the constructor's parameter:", ...describeSchema(config.schema)],
    Object.keys(definitions).length === 0 ? [] : ['definitions:', ...indent(definitions)],
    ['routes:', ...describeRoutes(signature)],
    ...describeProtocols(reportFaces(signature), signature),
  ]
  return sections
    .map(lines => lines.filter(line => line !== '').join('\n'))
    .filter(text => text !== '')
    .join('\n\n')
}

/** The tensors of a model file, by their names. */
function describeTensors({ parameters, returns }: PredictSignature): string[][] {
  const list = (schema: JSONSchema | undefined) => {
    const members = Object.entries(schema?.properties ?? {})
    const width = Math.max(...members.map(([name]) => name.length))
    return members.map(([name, { description = '' }]) => `  ${name.padEnd(width)}  ${description}`)
  }
  return [
    ['inputs:', ...list(parameters[0]?.schema)],
    ['outputs:', ...list(returns[0]?.schema)],
  ]
}

function describeTypes(parameters: PredictSignature['parameters'], returns: PredictSignature['returns']): string[][] {
  return [
    ...parameters.map(describeParameter),
    ...returns.map(({ kind, schema }) => [`returns: ${kind}`, ...describeSchema(schema)]),
  ]
}

function describeParameter({ name, role, bodyClass, optional, schema }: ParameterSignature): string[] {
  const details = [role, bodyClass, optional === true ? 'optional' : undefined].filter(detail => detail !== undefined)
  return [`${name}: ${details.join(', ')}`, ...describeSchema(schema)]
}

/** Every route, by the document that a server gives of them. */
function describeRoutes(signature: PredictSignature): string[] {
  return Object.entries(describePredictor({ signature }).paths).flatMap(([path, item]) =>
    Object.entries(item).map(
      ([method, { summary }]) => `  ${method.toUpperCase().padEnd(5)}${path.padEnd(15)}${summary}`,
    ),
  )
}

function describeSchema(schema: JSONSchema | undefined): string[] {
  return schema === undefined ? [] : indent(schema)
}

function indent(value: object): string[] {
  return JSON.stringify(value, null, 2)
    .split('\n')
    .map(line => `  ${line}`)
}
