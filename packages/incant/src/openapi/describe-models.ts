import type { PredictSignature } from '../signature/signature.ts'
import { createComponentSchemas } from './component-schemas.ts'
import type { DescribedProtocol } from './described-protocol.ts'
import type { PredictorSecurity } from './description.ts'
import type { OpenAPIDocument, OpenAPISchema, Operation, PathItem, SecurityScheme } from './document.ts'
import { HEADERS } from './headers.ts'
import { describePredict } from './predict-operation.ts'
import { HEALTH, LIVEZ, OPENAPI, READY } from './probes.ts'
import { PROBLEM_SCHEMAS } from './problems.ts'
import { allDefinitions, describeProtocols, mergePaths } from './protocol-operations.ts'

/** One model of a document that has several. */
export interface DescribedModel {
  /** `NAME`, or `NAME:VERSION`, as its paths have it. */
  readonly id: string
  readonly version: string | undefined
  readonly signature: PredictSignature
  /** Its protocols besides its own paths. */
  readonly protocols?: readonly DescribedProtocol[] | undefined
  /** How callers of predict authenticate. Absent: they do not. */
  readonly security: PredictorSecurity | undefined
  /** The largest body that is taken, in bytes. */
  readonly maxBodySize: number
}

/** The parts that the models of a document share, as it grows. */
interface Shared {
  readonly paths: Record<string, PathItem>
  readonly schemas: Record<string, OpenAPISchema>
  readonly securitySchemes: Record<string, SecurityScheme>
}

/** The OpenAPI 3.1 document of several models: each has a tag and its own paths. What two of them call alike gets a number. */
export function describeModels(models: readonly DescribedModel[]): OpenAPIDocument {
  const shared: Shared = { paths: {}, schemas: { ...PROBLEM_SCHEMAS }, securitySchemes: {} }
  for (const model of models) addModel(model, shared)
  const { paths, schemas, securitySchemes } = shared
  return {
    openapi: '3.1.1',
    info: { title: models.map(({ id }) => id).join(', '), version: '0.0.0' },
    servers: [{ url: '.' }],
    paths: {
      ...paths,
      '/health': { get: HEALTH },
      '/ready': { get: READY },
      '/livez': { get: LIVEZ },
      '/openapi.json': { get: OPENAPI },
    },
    components: {
      schemas,
      headers: HEADERS,
      ...(Object.keys(securitySchemes).length === 0 ? {} : { securitySchemes }),
    },
  }
}

function addModel(
  { id, signature, security, version, protocols = [], maxBodySize }: DescribedModel,
  shared: Shared,
): void {
  const definitions = allDefinitions(signature.definitions, protocols)
  const components = createComponentSchemas(definitions, Object.keys(shared.schemas))
  const named = security === undefined ? undefined : nameApart(security, shared.securitySchemes)
  const prefix = `/models/${id}`
  const word = id.replace(/[^A-Za-z0-9]+/g, '_')
  const names = { operationId: `${word}_predict`, tag: id }
  const post = describePredict({ signature, version, security: named, maxBodySize }, components, names)
  shared.paths[`${prefix}/predict`] = { post }
  shared.paths[`${prefix}/health`] = { get: renamed(HEALTH, `${word}_health`, id) }
  shared.paths[`${prefix}/ready`] = { get: renamed(READY, `${word}_ready`, id) }
  mergePaths(shared.paths, describeProtocols(protocols, { components, security: named }))
  Object.assign(shared.schemas, components.schemas)
  Object.assign(shared.securitySchemes, named?.schemes)
}

function renamed(operation: Operation, operationId: string, tag: string): Operation {
  return { ...operation, operationId, tags: [tag] }
}

/** The schemes under names that are free, or that stand for the very same scheme already. */
function nameApart(
  { schemes, requirements, members }: PredictorSecurity,
  taken: Shared['securitySchemes'],
): PredictorSecurity {
  const names = new Map(Object.entries(schemes).map(([name, scheme]) => [name, freeName(name, scheme, taken)]))
  const rename = <Value>(object: { readonly [name: string]: Value }): { readonly [name: string]: Value } =>
    Object.fromEntries(Object.entries(object).map(([name, value]) => [names.get(name) ?? name, value]))
  return {
    schemes: rename(schemes),
    requirements: requirements.map(rename),
    ...(members === undefined ? {} : { members }),
  }
}

function freeName(name: string, scheme: SecurityScheme, taken: Shared['securitySchemes']): string {
  let free = name
  for (let number = 2; !isFreeFor(taken[free], scheme); number += 1) free = `${name}${number}`
  return free
}

function isFreeFor(taken: SecurityScheme | undefined, scheme: SecurityScheme): boolean {
  return taken === undefined || JSON.stringify(taken) === JSON.stringify(scheme)
}
