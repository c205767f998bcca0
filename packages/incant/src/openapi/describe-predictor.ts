import type { PredictSignature } from '../signature/signature.ts'
import { createComponentSchemas } from './component-schemas.ts'
import type { OpenAPIDocument, SecurityRequirement, SecurityScheme } from './document.ts'
import { HEADERS } from './headers.ts'
import { describePredict } from './predict-operation.ts'
import { HEALTH, LIVEZ, OPENAPI, READY } from './probes.ts'
import { PROBLEM_SCHEMAS } from './problems.ts'

/** What a document says of a predictor. */
export interface PredictorDescription {
  readonly signature: PredictSignature
  /** Default: the name of the class. */
  readonly title?: string | undefined
  /** The version of the service or its model. Default `0.0.0`. */
  readonly version?: string | undefined
  /** How callers of predict authenticate. Absent: they do not. */
  readonly security?: PredictorSecurity | undefined
}

/** Authentication as OpenAPI has it. */
export interface PredictorSecurity {
  readonly schemes: { readonly [name: string]: SecurityScheme }
  /** One of them is enough. */
  readonly requirements: readonly SecurityRequirement[]
  /** Members of the payload that hold credentials, which OpenAPI has no scheme for. */
  readonly members?: readonly string[]
}

/**
 * The OpenAPI 3.1 document of a predictor, as `/openapi.json` gives it.
 *
 * @example
 * const document = describePredictor({ signature, title: 'Language identification', version: '1.2.0' })
 */
export function describePredictor(description: PredictorDescription): OpenAPIDocument {
  const { signature, security, title = signature.className, version = '0.0.0' } = description
  const components = createComponentSchemas(signature.definitions, Object.keys(PROBLEM_SCHEMAS))
  const text = signature.description
  return {
    openapi: '3.1.1',
    info: { title, version, ...(text === undefined ? {} : { description: text }) },
    servers: [{ url: '/' }],
    paths: {
      '/predict': { post: describePredict(description, components) },
      '/health': { get: HEALTH },
      '/ready': { get: READY },
      '/livez': { get: LIVEZ },
      '/openapi.json': { get: OPENAPI },
    },
    components: {
      schemas: { ...PROBLEM_SCHEMAS, ...components.schemas },
      headers: HEADERS,
      ...(security === undefined ? {} : { securitySchemes: security.schemes }),
    },
  }
}
