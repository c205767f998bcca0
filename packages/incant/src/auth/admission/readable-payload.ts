import type { JSONSchema } from '../../schema/json-schema.ts'
import { bodyParameter } from '../../signature/resolve.ts'
import type { PredictSignature } from '../../signature/signature.ts'
import { invalidAuth } from '../invalid-auth.ts'
import type { PayloadStrategy } from '../strategy.ts'

/**
 * Refuses payload credentials where predict takes no JSON payload. Bytes, forms and streams are not parsed; and a raw
 * request would still contain the token, for predict to log or pass on.
 *
 * @param strategies - The strategies that take a member out.
 * @throws {StartupError} `invalid_auth`.
 */
export function refuseUnreadable(strategies: readonly PayloadStrategy[], signature: PredictSignature): void {
  const members = strategies.map(strategy => strategy.member)
  const [member] = members
  if (member === undefined) return
  const { className, definitions, parameters } = signature
  const body = bodyParameter(signature)
  if (body?.role !== 'payload' || parameters.some(parameter => parameter.role === 'request')) {
    throw invalidAuth(
      `@bodyTokenAuth reads member "${member}" of the JSON payload, but ${className}.predict takes ${describeBody(signature)}`,
      'Take a JSON payload, or use @bearerAuth or @apiKeyAuth.',
    )
  }
  const declared = members.find(name => declares(body.schema, name, definitions))
  if (declared === undefined) return
  throw invalidAuth(
    `the payload of ${className}.predict has the member "${declared}", which is removed as the credential before predict is called`,
    `Remove "${declared}" from the type: context.principal identifies the caller.`,
  )
}

function describeBody(signature: PredictSignature): string {
  if (signature.parameters.some(({ role }) => role === 'request'))
    return 'the raw Request, where the token would remain visible'
  return `${bodyParameter(signature)?.role ?? 'nothing of'} the body`.replace(/^(\w+) the body$/, 'the body as $1')
}

function declares(
  schema: JSONSchema | undefined,
  member: string,
  definitions: PredictSignature['definitions'],
): boolean {
  const name = /^#\/\$defs\/(.+)$/.exec(schema?.$ref ?? '')?.[1]
  // A definition is looked at once: some refer to themselves.
  const { [name ?? '']: target = schema, ...others } = definitions
  if (target?.properties !== undefined && Object.hasOwn(target.properties, member)) return true
  return target?.anyOf?.some(variant => declares(variant, member, others)) ?? false
}
