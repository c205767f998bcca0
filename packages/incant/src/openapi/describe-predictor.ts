import { createComponentSchemas } from './component-schemas.ts'
import type { PredictorDescription } from './description.ts'
import type { OpenAPIDocument } from './document.ts'
import { HEADERS } from './headers.ts'
import { describePredict } from './predict-operation.ts'
import { HEALTH, LIVEZ, OPENAPI, READY } from './probes.ts'
import { PROBLEM_SCHEMAS } from './problems.ts'
import { allDefinitions, describeProtocols } from './protocol-operations.ts'

/**
 * The OpenAPI 3.1 document of a predictor, as `/openapi.json` gives it.
 *
 * @example
 * const document = describePredictor({ signature, title: 'Language identification', version: '1.2.0' })
 */
export function describePredictor(description: PredictorDescription): OpenAPIDocument {
  const { signature, security, protocols = [], title = signature.className, version = '0.0.0' } = description
  const definitions = allDefinitions(signature.definitions, protocols)
  const components = createComponentSchemas(definitions, Object.keys(PROBLEM_SCHEMAS))
  const text = signature.description
  return {
    openapi: '3.1.1',
    info: { title, version, ...(text === undefined ? {} : { description: text }) },
    // Relative to where the document is (OpenAPI 3.1.1 §4.8.5), so that it is right behind any prefix.
    servers: [{ url: '.' }],
    paths: {
      '/predict': { post: describePredict(description, components) },
      ...describeProtocols(protocols, { components, security }),
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
