import { expect, test } from 'vitest'
import {
  type AuthDecorator,
  allOf,
  anyOf,
  apiKeyAuth,
  auth,
  basicAuth,
  bearerAuth,
  bodyTokenAuth,
  jwtAuth,
  requireScopes,
} from '../../src/auth/index.ts'
import type { OpenAPIDocument } from '../../src/openapi/document.ts'
import type { JSONSchema } from '../../src/schema/json-schema.ts'
import { signatureOf } from '../app/_serving.ts'
import { protect, serveClass } from './_fixtures.ts'

/** The parts of a document that are about who may call. */
interface Documented {
  readonly paths: {
    readonly '/predict': {
      readonly post: { readonly security?: unknown; readonly responses: object; readonly requestBody: object }
    }
  }
  readonly components: { readonly securitySchemes?: object }
}

async function describe(...decorators: readonly AuthDecorator[]) {
  const { app } = await serveClass(protect(...decorators), { publicOpenapi: true })
  const { paths, components } = (await (await app.request('/openapi.json')).json()) as Documented
  const { security, responses, requestBody } = paths['/predict'].post
  return { security, statuses: Object.keys(responses), schemes: components.securitySchemes, requestBody }
}

const bearer = bearerAuth({ tokens: 'a' })
const basic = basicAuth({ users: { a: 'b' } })
const key = apiKeyAuth({ tokens: 'a', header: 'X-Key' })

test('nothing is said where nothing is asked', async () => {
  const { security, statuses, schemes } = await describe()
  expect([security, schemes]).toEqual([undefined, undefined])
  expect(statuses).not.toContain('401')
})

test('one strategy', async () => {
  const { security, statuses, schemes } = await describe(bearer)
  expect(security).toEqual([{ bearerAuth: [] }])
  expect(schemes).toEqual({ bearerAuth: { type: 'http', scheme: 'bearer' } })
  expect(statuses).toEqual(expect.arrayContaining(['401', '403', '429']))
})

test('several that are all needed are one requirement', async () => {
  expect((await describe(bearer, key, requireScopes('x'))).security).toEqual([{ bearerAuth: [], apiKeyAuth: [] }])
})

test('several of which one is enough are several', async () => {
  const { security, schemes } = await describe(anyOf(allOf(bearer, key), basic))
  expect(security).toEqual([{ bearerAuth: [], apiKeyAuth: [] }, { basicAuth: [] }])
  expect(schemes).toEqual({
    bearerAuth: { type: 'http', scheme: 'bearer' },
    apiKeyAuth: { type: 'apiKey', in: 'header', name: 'X-Key' },
    basicAuth: { type: 'http', scheme: 'basic' },
  })
})

test('two of a kind have two names', async () => {
  const jwt = jwtAuth({ secret: 'x'.repeat(32), algorithms: ['HS256'], issuer: 'i', audience: 'a' })
  const { security, schemes } = await describe(anyOf(bearer, jwt, bearerAuth({ tokens: 'b' })))
  expect(security).toEqual([{ bearerAuth: [] }, { jwtAuth: [] }, { bearerAuth2: [] }])
  expect(schemes).toMatchObject({ jwtAuth: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } })
})

test('what OpenAPI has no word for still has its statuses', async () => {
  const { security, statuses, requestBody } = await describe(bodyTokenAuth({ tokens: 'a' }))
  expect(security).toBeUndefined()
  expect(statuses).toContain('401')
  expect(requestBody).toMatchObject({ content: { 'application/json': { schema: { required: ['auth'] } } } })
})

test('a token in the body is a member of the payload that a program can tell from the others', async () => {
  const token = expect.objectContaining({ type: 'string', format: 'password', 'x-incant-credential': true })
  const text = { type: 'string' } as const
  const closed: JSONSchema = { type: 'object', properties: { text }, required: ['text'], additionalProperties: false }
  const body = (schema: JSONSchema, ...decorators: readonly AuthDecorator[]) =>
    describePayload(schema, decorators.length === 0 ? [bodyTokenAuth({ tokens: 'a' })] : decorators)
  const withToken = { ...closed, properties: { text, auth: token }, required: ['text', 'auth'] }
  expect(await body(closed)).toEqual(withToken)
  expect(await body({ $ref: '#/$defs/Passage' })).toEqual(withToken)
  expect(await body({ anyOf: [closed, { $ref: '#/$defs/Passage' }] })).toEqual({ anyOf: [withToken, withToken] })
  // Where there is another way, callers may leave it out.
  const either = await body(closed, anyOf(bearer, bodyTokenAuth({ tokens: 'a', member: 'key' })))
  expect(either).toEqual({ ...closed, properties: { text, key: token } })
  // All of one requirement are needed.
  const both = await body(closed, allOf(bearer, bodyTokenAuth({ tokens: 'a' })))
  expect(both).toEqual(withToken)

  async function describePayload(schema: JSONSchema, all: readonly AuthDecorator[]): Promise<unknown> {
    const signature = { ...signatureOf({ schema }), definitions: { Passage: closed } }
    const { app } = await serveClass(protect(...all), { publicOpenapi: true, signature })
    const document = (await (await app.request('/openapi.json')).json()) as OpenAPIDocument
    return document.paths['/predict']?.post?.requestBody?.content['application/json']?.schema
  }
})

test('a strategy of one’s own has the scheme it gives', async () => {
  const own = auth({
    name: 'own.auth',
    reads: 'headers',
    challenge: { scheme: 'Own' },
    security: { type: 'mutualTLS' },
    authenticate: () => ({ refused: 'missing' }),
  })
  expect(await describe(own)).toMatchObject({
    security: [{ 'own.auth': [] }],
    schemes: { 'own.auth': { type: 'mutualTLS' } },
  })
})
