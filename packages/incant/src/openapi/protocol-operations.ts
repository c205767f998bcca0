import type { Definitions, JSONSchema } from '../schema/json-schema.ts'
import { describeEvents, mergeContent } from './answers.ts'
import type { ComponentSchemas } from './component-schemas.ts'
import type { DescribedContent, DescribedOperation, DescribedProtocol } from './described-protocol.ts'
import type { PredictorSecurity } from './description.ts'
import type { Content, Operation, PathItem } from './document.ts'
import { withRequestId } from './headers.ts'

/** The dependencies of descriptions of a protocol's operations. */
export interface ProtocolContext {
  readonly components: ComponentSchemas
  readonly security: PredictorSecurity | undefined
}

/** The definitions of a model together with those of its protocols. */
export function allDefinitions(definitions: Definitions, protocols: readonly DescribedProtocol[]): Definitions {
  return Object.assign({}, definitions, ...protocols.map(protocol => protocol.definitions))
}

/** The paths of protocols. */
export function describeProtocols(
  protocols: readonly DescribedProtocol[],
  context: ProtocolContext,
): { readonly [path: string]: PathItem } {
  const paths: Record<string, PathItem> = {}
  for (const { protocol, model, operations } of protocols) {
    for (const operation of operations) {
      const { path, method } = operation
      const item = { [method.toLowerCase()]: describeOperation(operation, { ...context, protocol, model }) }
      paths[path] = mergeItems({ ...item }, paths[path])
    }
  }
  return paths
}

/** Adds the paths of one model to those of others: an operation that both have takes the bodies of both. */
export function mergePaths(paths: Record<string, PathItem>, added: { readonly [path: string]: PathItem }): void {
  for (const [path, item] of Object.entries(added)) paths[path] = mergeItems(item, paths[path])
}

function mergeItems(added: PathItem, former: PathItem = {}): PathItem {
  const methods = (['get', 'post', 'delete'] as const).flatMap(method => {
    const [first, second] = [former[method], added[method]]
    const merged = first === undefined || second === undefined ? (first ?? second) : mergeOperations(first, second)
    return merged === undefined ? [] : [[method, merged] as const]
  })
  return Object.fromEntries(methods)
}

function mergeOperations(first: Operation, second: Operation): Operation {
  const names = [...(first['x-incant-models'] ?? []), ...(second['x-incant-models'] ?? [])]
  const merged = { ...first, 'x-incant-models': [...new Set(names)] }
  if (first.requestBody === undefined || second.requestBody === undefined) return merged
  const content = mergeContent(first.requestBody.content, second.requestBody.content)
  return { ...merged, requestBody: { ...first.requestBody, content } }
}

/** The dependencies of the description of one operation. */
interface OperationContext extends ProtocolContext {
  readonly protocol: string
  readonly model: string
}

function describeOperation(
  { method, path, summary, body, answer, events }: DescribedOperation,
  { protocol, model, components, security }: OperationContext,
): Operation {
  const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  return {
    operationId: `${protocol}_${method.toLowerCase()}${path.replace(/[^A-Za-z0-9]+/g, '_').replace(/_$/, '')}`,
    summary,
    tags: [protocol],
    'x-incant-models': [model],
    ...(parameters.length > 0 && {
      parameters: parameters.map(name => ({ name, in: 'path', required: true, schema: { type: 'string' } }) as const),
    }),
    ...(body !== undefined && { requestBody: { required: true, content: describeContent(body, components) } }),
    responses: {
      '200': withRequestId({ description: 'OK', content: describeAnswers(answer, events, components) }),
      default: withRequestId({
        description: 'An error, in the form of the protocol.',
        content: { 'application/json': { schema: { type: 'object' } } },
      }),
    },
    ...(security === undefined || security.requirements.length === 0 ? {} : { security: security.requirements }),
  }
}

function describeAnswers(
  answer: DescribedContent,
  events: JSONSchema | undefined,
  components: ComponentSchemas,
): Content {
  const content = describeContent(answer, components)
  return events === undefined ? content : { ...content, ...describeEvents(components.rewrite(events)) }
}

function describeContent(
  { contentType = 'application/json', schema }: DescribedContent,
  components: ComponentSchemas,
): Content {
  return { [contentType]: { schema: components.rewrite(schema) } }
}
