import { describe, expect, test } from 'vitest'
import { reportFaces } from '../../src/app/faces/describe-faces.ts'
import { describeModels } from '../../src/openapi/describe-models.ts'
import type { DescribedProtocol } from '../../src/openapi/described-protocol.ts'
import type { OpenAPIDocument } from '../../src/openapi/document.ts'
import { BasePredictor } from '../../src/predictor/base-predictor.ts'
import { parseSignature } from '../../src/signature/parse.ts'
import type { PredictSignature } from '../../src/signature/signature.ts'
import { signatureOf } from '../app/_serving.ts'
import { NAMING, serveFace } from './_served-face.ts'
import { TEST_FACE } from './_test-face.ts'

class Echo extends BasePredictor {
  predict(payload: object): object {
    return payload
  }
}

const CHAT: Omit<DescribedProtocol, 'model'> = {
  protocol: 'openai',
  definitions: { Reply: { type: 'object' } },
  operations: [
    {
      method: 'POST',
      path: '/t1/chat',
      summary: 'Chat',
      body: { schema: { $ref: '#/$defs/Ask' } },
      answer: { schema: { $ref: '#/$defs/Reply' } },
      events: { $ref: '#/$defs/Reply' },
    },
    { method: 'GET', path: '/t1/models/{model}', summary: 'Show', answer: { schema: {} } },
    { method: 'DELETE', path: '/t1/models/{model}', summary: 'Delete', answer: { schema: {} } },
  ],
}

function modelOf(id: string, ask: PredictSignature['definitions'][string]) {
  const signature = { ...NAMING, definitions: { Ask: ask } }
  return { id, version: undefined, signature, security: undefined, protocols: [{ ...CHAT, model: id }], maxBodySize: 1 }
}

describe('the OpenAPI document', () => {
  test('has the operations of the protocols that are served', async () => {
    const { url } = await serveFace(Echo)
    const { paths } = (await (await fetch(`${url}/openapi.json`)).json()) as OpenAPIDocument
    expect(paths['/t1/call']?.post).toMatchObject({
      operationId: 'openai_post_t1_call',
      summary: 'Call',
      tags: ['openai'],
      requestBody: { content: { 'application/json': { schema: {} } } },
    })
    const without = await serveFace(Echo, { protocols: ['none'] })
    const plain = (await (await fetch(`${without.url}/openapi.json`)).json()) as OpenAPIDocument
    expect(Object.keys(plain.paths)).not.toContain('/t1/call')
    expect((await fetch(`${without.url}/t1/models`)).status).toBe(404)
  })

  test('describes parameters of paths, events, and what schemas refer to', () => {
    const { paths, components } = describeModels([modelOf('one', { type: 'object' })])
    const { get, delete: remove } = paths['/t1/models/{model}'] ?? {}
    const parameters = [{ name: 'model', in: 'path', required: true, schema: { type: 'string' } }]
    expect([get?.parameters, remove?.operationId]).toEqual([parameters, 'openai_delete_t1_models_model'])
    const content = paths['/t1/chat']?.post?.responses['200']?.content
    expect(content?.['application/json']).toEqual({ schema: { $ref: '#/components/schemas/Reply' } })
    expect(JSON.stringify(content?.['text/event-stream'])).toContain('#/components/schemas/Reply')
    expect(components.schemas['Reply']).toEqual({ type: 'object' })
  })

  test('has one operation for several models, with the bodies of all', () => {
    const one = modelOf('one', { type: 'object', title: 'one' })
    const { paths, components } = describeModels([one, modelOf('two', { type: 'object', title: 'two' })])
    const { schema } = paths['/t1/chat']?.post?.requestBody?.content['application/json'] ?? {}
    const [first, second] = schema?.anyOf ?? []
    const titleOf = (reference = ''): unknown => components.schemas[reference.split('/').at(-1) ?? '']?.title
    expect([titleOf(first?.$ref), titleOf(second?.$ref)]).toEqual(['one', 'two'])
    expect(paths['/t1/chat']?.post?.['x-incant-models']).toEqual(['one', 'two'])
    expect(paths['/t1/models/{model}']?.get?.['x-incant-models']).toEqual(['one', 'two'])
  })
})

describe('the report of inspect', () => {
  test('says what fits, and what has it served', () => {
    const [named] = reportFaces(NAMING, [TEST_FACE])
    expect(named).toMatchObject({
      protocol: 'openai',
      servedBy: 'types',
      fits: true,
      operations: [{ path: '/t1/call' }],
    })
    const [plain] = reportFaces(signatureOf({ role: 'payload' }), [TEST_FACE])
    expect(plain).toMatchObject({ servedBy: 'flag', fits: true })
    const [unfit] = reportFaces(signatureOf({ role: 'request' }), [TEST_FACE])
    expect(unfit).toMatchObject({ fits: false, reason: 'predict takes a Request', instead: 'Take a payload.' })
  })

  test('beside a signature leaves it one that a server takes', () => {
    const printed: unknown = JSON.parse(JSON.stringify({ ...NAMING, protocols: reportFaces(NAMING, [TEST_FACE]) }))
    expect(parseSignature(printed)).toEqual(NAMING)
  })
})
