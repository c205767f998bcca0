import { formatLocation, type JSONSchema, type ParameterSignature, type PredictSignature } from 'incant'
import { describeSignature } from '../announce/describe-signature.ts'
import type { Settings } from '../arguments/settings.ts'
import { describeWarning, printWarning } from '../report/warning.ts'

const ROUTES = [
  ['POST /predict', 'calls predict'],
  ['GET  /health', "the predictor's own health()"],
  ['GET  /ready', 'whether it takes work'],
  ['GET  /livez', 'whether the process answers'],
  ['GET  /openapi.json', 'an OpenAPI document of all this'],
] as const

/**
 * `incant inspect`: what the types of a predictor say. Nothing in its file is run.
 *
 * @throws {StartupError} For whatever keeps the signature from being read.
 */
export async function inspectPredictor(file: string, settings: Settings): Promise<number> {
  const { readSignatures } = await import('../signature/read-signatures.ts')
  const { signatures, warnings } = readSignatures({ file, className: settings.classname })
  for (const warning of warnings) printWarning(describeWarning(warning))
  const [signature] = signatures
  if (signature !== undefined) console.log(settings.json ? JSON.stringify(signature, null, 2) : describe(signature))
  return 0
}

function describe(signature: PredictSignature): string {
  const { location, description, parameters, returns, config, definitions } = signature
  const place = location === undefined ? '' : `${formatLocation(location)}  `
  const sections = [
    [
      `${place}exported as ${signature.exportName ?? signature.className}`,
      describeSignature(signature),
      ...(description ?? '').split('\n'),
    ],
    ...parameters.map(describeParameter),
    ...returns.map(({ kind, schema }) => [`returns: ${kind}`, ...describeSchema(schema)]),
    config === undefined ? [] : ["config, the constructor's parameter:", ...describeSchema(config.schema)],
    Object.keys(definitions).length === 0 ? [] : ['definitions:', ...indent(definitions)],
    ['routes:', ...ROUTES.map(([route, meaning]) => `  ${route.padEnd(20)}${meaning}`)],
  ]
  return sections
    .map(lines => lines.filter(line => line !== '').join('\n'))
    .filter(text => text !== '')
    .join('\n\n')
}

function describeParameter({ name, role, form, optional, schema }: ParameterSignature): string[] {
  const details = [role, form, optional === true ? 'optional' : undefined].filter(detail => detail !== undefined)
  return [`${name}: ${details.join(', ')}`, ...describeSchema(schema)]
}

function describeSchema(schema: JSONSchema | undefined): string[] {
  return schema === undefined ? [] : indent(schema)
}

function indent(value: object): string[] {
  return JSON.stringify(value, null, 2)
    .split('\n')
    .map(line => `  ${line}`)
}
