import { describe, expect, test } from 'vitest'
import { LOGGED_CODES, REQUEST_ERRORS } from '../../src/errors/codes.ts'
import { describePredictor } from '../../src/openapi/describe-predictor.ts'
import type { OpenAPIDocument, Operation } from '../../src/openapi/document.ts'
import type { JSONSchema } from '../../src/schema/json-schema.ts'
import type { ParameterSignature, PredictSignature, ReturnSignature } from '../../src/signature/signature.ts'

const MINIMAL: PredictSignature = { version: 1, className: 'Predictor', parameters: [], returns: [], definitions: {} }

function predictOf(document: OpenAPIDocument): Operation {
  const operation = document.paths['/predict']?.post
  if (operation === undefined) throw new Error('There is no POST /predict')
  return operation
}

function bodyOf(...parameters: readonly Omit<ParameterSignature, 'name'>[]): Operation['requestBody'] {
  const named = parameters.map((parameter, index) => ({ name: `parameter${index}`, ...parameter }))
  return predictOf(describePredictor({ signature: { ...MINIMAL, parameters: named } })).requestBody
}

function answerOf(...returns: readonly ReturnSignature[]): unknown {
  return predictOf(describePredictor({ signature: { ...MINIMAL, returns } })).responses['200']?.content
}

function statusesOf(...parameters: readonly ParameterSignature['role'][]): readonly string[] {
  const signature = { ...MINIMAL, parameters: parameters.map(role => ({ name: role, role })) }
  return Object.keys(predictOf(describePredictor({ signature })).responses)
}

describe('the request body', () => {
  const schema: JSONSchema = { type: 'string', minLength: 1 }
  const form = { schema: { type: 'object', additionalProperties: {} } }

  test('is JSON for a payload', () => {
    const content = { 'application/json': { schema } }
    expect(bodyOf({ role: 'payload', schema })).toEqual({ required: true, content })
    expect(bodyOf({ role: 'payload', schema, optional: true })).toEqual({ required: false, content })
    expect(bodyOf({ role: 'payload' })).toEqual({ required: true, content: { 'application/json': { schema: {} } } })
  })

  test('is text or a JSON string for text', () => {
    const content = { 'text/plain': { schema }, 'application/json': { schema } }
    expect(bodyOf({ role: 'text', schema })).toEqual({ required: true, content })
  })

  test('is bytes of any type for bytes, blobs and streams, of which there may be none', () => {
    for (const role of ['bytes', 'blob', 'stream'] as const) {
      expect(bodyOf({ role })).toEqual({ required: false, content: { 'application/octet-stream': {}, '*/*': {} } })
    }
  })

  test('is either encoding of a form', () => {
    const content = { 'multipart/form-data': form, 'application/x-www-form-urlencoded': form }
    expect(bodyOf({ role: 'form' })).toEqual({ required: true, content })
  })

  test('is required for text where the empty one does not match', () => {
    expect(bodyOf({ role: 'text' })?.required).toBe(false)
    expect(bodyOf({ role: 'text', schema: { type: 'string', pattern: '^a' } })?.required).toBe(true)
    expect(bodyOf({ role: 'text', schema: { type: 'string', minLength: 1 }, optional: true })?.required).toBe(false)
  })

  test('is of the media types that the signature names', () => {
    const image = { contentMediaType: 'image/png, image/jpeg' }
    expect(bodyOf({ role: 'bytes', schema: image })?.content).toEqual({ 'image/png': {}, 'image/jpeg': {} })
    const csv: JSONSchema = { type: 'string', contentMediaType: 'text/csv' }
    expect(bodyOf({ role: 'text', schema: csv })?.content).toEqual({
      'text/csv': { schema: csv },
      'application/json': { schema: csv },
    })
    expect(answerOf({ kind: 'bytes', schema: { contentMediaType: 'image/png' } })).toEqual({ 'image/png': {} })
    expect(answerOf({ kind: 'text', schema: { type: 'string', contentMediaType: 'text/html' } })).toEqual({
      'text/html': { schema: { type: 'string' } },
    })
  })

  test('has the examples that match it, by a name', () => {
    const parameters = [{ name: 'text', role: 'payload', schema: { type: 'string' } }] as const
    const examples = [{ summary: 'German', value: 'Guten Tag' }, { value: 5 }, { value: 'Hello' }]
    const signature = { ...MINIMAL, parameters, examples }
    expect(predictOf(describePredictor({ signature })).requestBody?.content['application/json']).toEqual({
      schema: { type: 'string' },
      examples: { example: { summary: 'German', value: 'Guten Tag' }, example2: { value: 'Hello' } },
    })
  })

  test('is the fields of a form, as multipart alone where one is a file', () => {
    const file: JSONSchema = { type: 'string', format: 'binary', 'x-incant-type': 'File', contentMediaType: 'image/*' }
    const fields = (properties: Record<string, JSONSchema>): JSONSchema => ({ type: 'object', properties })
    const plain = fields({ top: { type: 'number' } })
    expect(bodyOf({ role: 'form', schema: plain })?.content).toEqual({
      'multipart/form-data': { schema: plain },
      'application/x-www-form-urlencoded': { schema: plain },
    })
    const images = fields({ one: file, all: { type: 'array', items: file } })
    const encoding = { one: { contentType: 'image/*' }, all: { contentType: 'image/*' } }
    expect(bodyOf({ role: 'form', schema: images })?.content).toEqual({
      'multipart/form-data': { schema: images, encoding },
    })
  })

  test('is whatever the raw request takes, unless another parameter says', () => {
    expect(bodyOf({ role: 'request' })).toMatchObject({ required: false, content: { '*/*': {} } })
    expect(bodyOf({ role: 'request' }, { role: 'payload', schema })).toMatchObject({
      required: true,
      content: { 'application/json': { schema } },
    })
  })

  test('is absent where nothing takes it', () => {
    expect(bodyOf({ role: 'context' }, { role: 'tasks' })).toBeUndefined()
  })
})

describe('the answer', () => {
  const schema: JSONSchema = { type: 'number' }

  test('has a media type for each form', () => {
    expect(answerOf({ kind: 'json', schema })).toEqual({ 'application/json': { schema } })
    expect(answerOf({ kind: 'text' })).toEqual({ 'text/plain': { schema: { type: 'string' } } })
    expect(answerOf({ kind: 'bytes' })).toEqual({ 'application/octet-stream': {} })
    const data = { type: 'string', contentMediaType: 'application/json', contentSchema: schema }
    const event = { type: 'object', properties: { data }, required: ['data'] }
    expect(answerOf({ kind: 'stream', schema })).toEqual({
      'text/event-stream': { schema: { type: 'string' }, 'x-itemSchema': event },
      'application/x-ndjson': { schema: { type: 'string' }, 'x-itemSchema': schema },
    })
    expect(answerOf({ kind: 'json', schema }, { kind: 'text' })).toEqual({
      'application/json': { schema },
      'text/plain': { schema: { type: 'string' } },
    })
  })

  test('has either schema where two forms have one media type', () => {
    const other: JSONSchema = { type: 'null' }
    expect(answerOf({ kind: 'json', schema }, { kind: 'json', schema: other })).toEqual({
      'application/json': { schema: { anyOf: [schema, other] } },
    })
  })

  test('is anything where nothing is known, and where predict makes it itself', () => {
    expect(answerOf()).toEqual({ '*/*': {} })
    expect(answerOf({ kind: 'response' }, { kind: 'json', schema })).toEqual({
      'application/json': { schema },
      '*/*': {},
    })
    const { responses } = predictOf(describePredictor({ signature: { ...MINIMAL, returns: [{ kind: 'response' }] } }))
    expect(responses['default']).toMatchObject({ content: { '*/*': {} } })
  })
})

describe('errors', () => {
  test('are those that the body can have', () => {
    const always = ['200', '400', '403', '408', '414', '417', '431', '500', '501', '503', '504', '505', 'default']
    expect(statusesOf('context')).toEqual(always)
    expect(statusesOf('request')).toEqual([...always, '413'].sort())
    expect(statusesOf('bytes')).toEqual([...always, '413', '415'].sort())
    expect(statusesOf('payload')).toEqual([...always, '413', '415', '422'].sort())
  })

  test('are problem documents with every code a caller can be given', () => {
    const document = describePredictor({
      signature: { ...MINIMAL, parameters: [{ name: 'payload', role: 'payload' }] },
    })
    const codes = Object.keys(REQUEST_ERRORS).filter(code => !LOGGED_CODES.includes(code))
    expect(document.components.schemas['Problem']).toMatchObject({
      properties: { code: { anyOf: [{ enum: codes }, {}] } },
    })
    const { responses } = predictOf(document)
    for (const [status, response] of Object.entries(responses)) {
      expect(response.headers).toMatchObject({ 'X-Request-Id': { $ref: '#/components/headers/X-Request-Id' } })
      if (status === '200') continue
      expect(response.content).toEqual({
        'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
      })
    }
    expect(Object.keys(responses['503']?.headers ?? {})).toEqual(['X-Request-Id', 'Retry-After'])
    expect(responses['422']?.description).toBe(`\`invalid_payload\`: ${REQUEST_ERRORS.invalid_payload.when}`)
  })
})

describe('schemas', () => {
  const shape = (kind: string): JSONSchema => ({
    type: 'object',
    properties: { kind: { const: kind }, 'x/y': { $ref: '#/$defs/Pair%3CA%2C B%3E' } },
    required: ['kind'],
  })
  const union = (anyOf: readonly JSONSchema[]): JSONSchema => ({ anyOf, discriminator: { propertyName: 'kind' } })
  const schemasOf = (definitions: PredictSignature['definitions']) =>
    describePredictor({ signature: { ...MINIMAL, definitions } }).components.schemas

  test('have names that a document can refer to, each its own', () => {
    const {
      Problem: _,
      ProblemIssue: __,
      ...schemas
    } = schemasOf({ 'Pair<A, B>': {}, 'Pair<A| B>': { $ref: '#/$defs/Problem' }, Problem: { type: 'null' }, '<>': {} })
    expect(schemas).toEqual({
      Pair_A_B: {},
      Pair_A_B_2: { $ref: '#/components/schemas/Problem_2' },
      Problem_2: { type: 'null' },
      Schema: {},
    })
  })

  test('have their references turned, wherever they stand', () => {
    const reference: JSONSchema = { $ref: '#/$defs/A' }
    const turned = { $ref: '#/components/schemas/A' }
    const everywhere = (inner: JSONSchema): JSONSchema => ({
      not: inner,
      items: inner,
      prefixItems: [inner],
      anyOf: [inner],
      properties: { $ref: inner },
      patternProperties: { '^a': inner },
      additionalProperties: inner,
    })
    expect(schemasOf({ A: {}, B: everywhere(reference) })['B']).toEqual(everywhere(turned))
    expect(schemasOf({ A: { items: false, additionalProperties: false } })['A']).toEqual({
      items: false,
      additionalProperties: false,
    })
  })

  test('keep what documents them', () => {
    const schema: JSONSchema = {
      type: 'string',
      'x-incant-type': 'Date',
      format: 'date-time',
      description: 'When.',
      deprecated: true,
      examples: ['2024-01-31T12:00:00Z'],
      default: '2024-01-31T12:00:00Z',
      title: 'At',
    }
    expect(schemasOf({ At: schema })['At']).toEqual(schema)
  })

  test('map a discriminator to components', () => {
    const definitions = {
      Circle: shape('circle'),
      'My Square': shape('square'),
      'Pair<A, B>': {},
      Shape: union([{ $ref: '#/$defs/Circle' }, { $ref: '#/$defs/My%20Square' }]),
    }
    expect(schemasOf(definitions)['Shape']).toEqual({
      anyOf: [{ $ref: '#/components/schemas/Circle' }, { $ref: '#/components/schemas/My_Square' }],
      discriminator: {
        propertyName: 'kind',
        mapping: { circle: '#/components/schemas/Circle', square: '#/components/schemas/My_Square' },
      },
    })
  })

  test('have no discriminator that OpenAPI cannot say', () => {
    const one: JSONSchema = { type: 'object', properties: { kind: { const: 1 } }, required: ['kind'] }
    for (const anyOf of [[one], [{ $ref: '#/$defs/One' }], [{ $ref: '#/$defs/Circle' }, { $ref: '#/$defs/Circle' }]]) {
      expect(
        schemasOf({ One: one, Circle: shape('circle'), 'Pair<A, B>': {}, Union: union(anyOf) })['Union'],
      ).not.toHaveProperty('discriminator')
    }
  })
})

describe('the document', () => {
  test('says what the predictor is', () => {
    const signature = { ...MINIMAL, description: 'Guesses.', deprecated: true }
    const document = describePredictor({ signature, title: 'Guesser', version: '1.2.0' })
    expect(document.info).toEqual({ title: 'Guesser', version: '1.2.0', description: 'Guesses.' })
    expect(predictOf(document)).toMatchObject({ description: 'Guesses.', deprecated: true })
    expect(describePredictor({ signature: MINIMAL }).info).toEqual({ title: 'Predictor', version: '0.0.0' })
  })

  test('has every route under an operation id of its own', () => {
    const { paths } = describePredictor({ signature: MINIMAL })
    const operations = Object.entries(paths).map(([path, item]) => [
      path,
      item.get?.operationId ?? item.post?.operationId,
    ])
    expect(Object.fromEntries(operations)).toEqual({
      '/predict': 'predict',
      '/health': 'health',
      '/ready': 'ready',
      '/livez': 'livez',
      '/openapi.json': 'openapi',
    })
  })

  test('says how to authenticate, for predict only', () => {
    const schemes = { bearer: { type: 'http', scheme: 'bearer' } } as const
    const document = describePredictor({ signature: MINIMAL, security: { schemes, requirements: [{ bearer: [] }] } })
    expect(document.components.securitySchemes).toEqual(schemes)
    expect(predictOf(document)).toMatchObject({ security: [{ bearer: [] }], responses: { '401': {}, '403': {} } })
    expect(document.paths['/health']?.get).not.toHaveProperty('security')
    expect(describePredictor({ signature: MINIMAL }).components).not.toHaveProperty('securitySchemes')
  })

  test('is plain data, and refers to nothing that is not there', () => {
    const signature: PredictSignature = {
      ...MINIMAL,
      parameters: [{ name: 'a', role: 'payload', schema: { $ref: '#/$defs/A' } }],
      definitions: { A: { items: { $ref: '#/$defs/A' } } },
    }
    const document = describePredictor({ signature })
    const text = JSON.stringify(document)
    expect(JSON.parse(text)).toEqual(document)
    for (const [, section = '', name = ''] of text.matchAll(/"#\/components\/(\w+)\/([\w.-]+)"/g)) {
      expect(Reflect.get(document.components, section)).toHaveProperty([name])
    }
  })
})
