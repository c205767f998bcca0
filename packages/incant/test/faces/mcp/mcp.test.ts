import { HTTPException } from 'hono/http-exception'
import { describe, expect, it } from 'vitest'
import { bearerAuth } from '../../../src/auth/strategies/bearer.ts'
import { jwtAuth } from '../../../src/auth/strategies/jwt.ts'
import { findTool, listTools } from '../../../src/faces/mcp/call-tool.ts'
import type { ServeInternals } from '../../../src/node/serve-options.ts'
import { BasePredictor, type PredictorClass } from '../../../src/predictor/base-predictor.ts'
import type { PredictContext } from '../../../src/predictor/context.ts'
import type { JSONSchema } from '../../../src/schema/json-schema.ts'
import type { ParameterSignature, PredictSignature, ReturnSignature } from '../../../src/signature/signature.ts'
import { served } from '../../node/_served.ts'

const NUMBERS: JSONSchema = {
  type: 'object',
  properties: { a: { type: 'number', minimum: 0 }, b: { type: 'number' } },
  required: ['a', 'b'],
}

function signed(
  parameters: readonly Partial<ParameterSignature>[],
  returns: readonly ReturnSignature[],
  more: Partial<PredictSignature> = {},
): PredictSignature {
  return {
    version: 1,
    className: 'Predictor',
    description: 'Does something.',
    location: { file: '/models/tool.ts' },
    parameters: parameters.map(parameter => ({ name: 'payload', role: 'payload', ...parameter })),
    returns,
    definitions: {},
    ...more,
  }
}

class Add extends BasePredictor {
  predict({ a, b }: { a: number; b: number }): number {
    if (b === 13) throw new Error('an internal matter')
    if (b === 14) throw new HTTPException(409, { message: 'Try another number.' })
    return a + b
  }
}

const ADD = signed([{ schema: NUMBERS }], [{ kind: 'json', schema: { type: 'number' } }])

interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly body: {
    readonly jsonrpc?: string
    readonly id?: unknown
    readonly result?: Record<string, unknown>
    readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown }
  }
}

async function start(predictor: PredictorClass, signature: PredictSignature, options: ServeInternals = {}) {
  const { server, lines } = await served(predictor, { signature, protocols: ['mcp'], workers: 0, ...options })
  const post = async (message: unknown, headers: Record<string, string> = {}): Promise<Reply> => {
    const response = await fetch(`${server.url}/mcp`, {
      method: 'POST',
      body: typeof message === 'string' ? message : JSON.stringify(message),
      headers: { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream', ...headers },
    })
    const text = await response.text()
    // The members of a message are looked at below.
    return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) }
  }
  const ask = async (method: string, params: object = {}) =>
    (await post({ jsonrpc: '2.0', id: 1, method, params })).body
  const call = async (args: unknown) => (await ask('tools/call', { name: 'tool', arguments: args })).result
  const tool = async () => {
    const { tools } = (await ask('tools/list')).result as { tools: Record<string, unknown>[] }
    return tools[0]
  }
  return { url: server.url, lines, post, ask, call, tool }
}

describe('a tool', () => {
  it('has the name, title, description and hints of its model, and schemas whose roots are objects', async () => {
    const { tool } = await start(Add, { ...ADD, title: 'Sum', hints: ['readOnly', 'idempotent'] })
    expect(await tool()).toEqual({
      name: 'tool',
      title: 'Sum',
      description: 'Does something.',
      inputSchema: NUMBERS,
      outputSchema: { type: 'object', properties: { result: { type: 'number' } }, required: ['result'] },
      annotations: { readOnlyHint: true, idempotentHint: true },
    })
  })

  it('gets a union under the name of its parameter, since clients drop alternatives at the root', async () => {
    const union: JSONSchema = { anyOf: [NUMBERS, { type: 'string' }], discriminator: { propertyName: 'kind' } }
    const { tool, call } = await start(Echo, signed([{ schema: union }], []))
    expect((await tool())?.['inputSchema']).toEqual({
      type: 'object',
      properties: { payload: { anyOf: [NUMBERS, { type: 'string' }] } },
      required: ['payload'],
    })
    expect((await call({ payload: 'a' }))?.['content']).toEqual([{ type: 'text', text: 'a' }])
  })

  it('has the definitions that it refers to, under names that need no escape, and nothing that clients do not know', async () => {
    const definitions = {
      'Pair<A, B>': { type: 'array', items: { $ref: '#/$defs/Pair%3CA,%20B%3E' } },
      Unused: { type: 'null' },
      Day: { type: 'object', properties: { at: { type: 'string', 'x-incant-type': 'Date' } } },
    } as const
    const schema: JSONSchema = {
      type: 'object',
      properties: { pair: { $ref: '#/$defs/Pair%3CA,%20B%3E' }, day: { $ref: '#/$defs/Day' } },
    }
    const { tool } = await start(Echo, signed([{ schema }], [], { definitions }))
    const input = (await tool())?.['inputSchema'] as JSONSchema & { $defs: Record<string, JSONSchema> }
    expect(Object.keys(input.$defs)).toHaveLength(2)
    const [pair] = Object.keys(input.$defs).filter(name => name.startsWith('Pair'))
    expect(pair).toMatch(/^[A-Za-z0-9._-]+$/)
    expect(input.properties?.['pair']).toEqual({ $ref: `#/$defs/${pair}` })
    expect(input.$defs[pair ?? '']).toEqual({ type: 'array', items: { $ref: `#/$defs/${pair}` } })
    expect(input.$defs['Day']).toEqual({ type: 'object', properties: { at: { type: 'string' } } })
    expect(JSON.stringify(input)).not.toMatch(/\$schema|x-incant-type|discriminator/)
  })

  it('without arguments still lists its properties', async () => {
    const { tool, call } = await start(Word, signed([], [{ kind: 'text' }]))
    expect((await tool())?.['inputSchema']).toEqual({ type: 'object', properties: {}, additionalProperties: false })
    expect(await call(undefined)).toEqual({ content: [{ type: 'text', text: 'word' }] })
  })

  it('is described in the OpenAPI document as the message that calls it', async () => {
    const definitions = { 'Pair<A>': { type: 'array', items: { type: 'number' } } } as const
    const schema: JSONSchema = { type: 'object', properties: { pair: { $ref: '#/$defs/Pair%3CA%3E' } } }
    const { url } = await start(Echo, signed([{ schema }], [], { definitions }))
    const { paths } = JSON.parse(await (await fetch(`${url}/openapi.json`)).text())
    const { properties, required } = paths['/mcp'].post.requestBody.content['application/json'].schema
    expect(required).toEqual(['jsonrpc', 'id', 'method', 'params'])
    expect(properties.params.properties).toEqual({
      name: { const: 'tool' },
      arguments: { type: 'object', properties: { pair: { $ref: '#/components/schemas/Pair_A' } } },
    })
  })

  it('is the first of models that have the same name', async () => {
    const model = (version: string, value: string) => ({
      name: 'words',
      version,
      aliases: [],
      created: 0,
      isReady: true,
      signature: signed([], [{ kind: 'text' }]),
      call: async () => ({ kind: 'value', value }) as const,
    })
    const models = [model('v1', 'first'), model('v2', 'second')]
    const found = { list: () => models, find: () => undefined, only: undefined, issuers: [], isReady: true }
    expect((await listTools(found)).map(({ plan, model }) => [plan.tool.name, model.version])).toEqual([
      ['words', 'v1'],
    ])
    expect((await findTool('words', found)).model.version).toBe('v1')
  })

  it('is none where predict takes what no call of a tool has', async () => {
    const reasons = [{ role: 'request' }, { role: 'form' }, { role: 'stream' }] as const
    for (const parameter of reasons)
      await expect(start(Echo, signed([parameter], []))).rejects.toMatchObject({ code: 'protocol_unfit' })
  })
})

class Echo extends BasePredictor {
  predict(payload: unknown): unknown {
    return payload
  }
}

class Word extends BasePredictor {
  predict(): string {
    return 'word'
  }
}

describe('a result', () => {
  it('that is no object stands in one, and in a text beside it', async () => {
    const { call } = await start(Add, ADD)
    expect(await call({ a: 1, b: 2 })).toEqual({
      content: [{ type: 'text', text: '{"result":3}' }],
      structuredContent: { result: 3 },
    })
  })

  it('is an error that a model can learn from, without structured content, where the call fails', async () => {
    const { call, lines } = await start(Add, ADD)
    const text = async (args: unknown) => {
      const { isError, content, structuredContent } = (await call(args)) ?? {}
      expect([isError, structuredContent]).toEqual([true, undefined])
      return (content as { text: string }[])[0]?.text
    }
    expect(await text({ a: -1 })).toBe('The arguments do not fit:\n#/a must be at least 0\n#/b is required')
    expect(await text({ a: 1, b: 14 })).toBe('Try another number.')
    expect(await text({ a: 1, b: 13 })).toMatch(/^The tool failed\. Its log has the reason under the request id \S+\.$/)
    expect(lines.some(({ fields }) => JSON.stringify(fields).includes('an internal matter'))).toBe(true)
  })

  it('is a picture, a sound or a resource where predict gives bytes', async () => {
    const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1])
    const given: Record<string, Uint8Array | Blob> = {
      sniffed: png,
      named: new Blob(['ab'], { type: 'audio/x-own' }),
      other: new Uint8Array([1, 2]),
    }
    class Bytes extends BasePredictor {
      predict(which: string): unknown {
        return given[which]
      }
    }
    const text = { role: 'text', schema: { type: 'string' } } as const
    const { call } = await start(Bytes, signed([text], [{ kind: 'bytes' }]))
    const block = async (payload: string) => {
      const { content } = (await call({ payload })) as { content: object[] }
      return content[0]
    }
    expect(await block('sniffed')).toEqual({ type: 'image', data: 'iVBORw0KGgoB', mimeType: 'image/png' })
    expect(await block('named')).toEqual({ type: 'audio', data: 'YWI=', mimeType: 'audio/x-own' })
    expect(await block('other')).toMatchObject({
      type: 'resource',
      resource: { mimeType: 'application/octet-stream', blob: 'AQI=' },
    })
  })

  it('takes bytes as base64', async () => {
    class Length extends BasePredictor {
      predict(bytes: Uint8Array): number {
        return bytes.byteLength
      }
    }
    const { call } = await start(Length, signed([{ role: 'bytes' }], [{ kind: 'json', schema: { type: 'integer' } }]))
    expect((await call({ data: 'AQID' }))?.['structuredContent']).toEqual({ result: 3 })
    expect(await call({ data: 'A' })).toMatchObject({ isError: true })
    expect(await call({})).toMatchObject({ isError: true })
  })

  it('of a stream is all of it, with progress where the client asks for it', async () => {
    class Words extends BasePredictor {
      async *predict(): AsyncGenerator<string> {
        yield* ['one ', 'two ', 'three']
      }
    }
    const { call, url } = await start(Words, signed([], [{ kind: 'stream', schema: { type: 'string' } }]), {
      workers: 0,
    })
    expect(await call({})).toEqual({ content: [{ type: 'text', text: 'one two three' }] })
    const params = { name: 'tool', arguments: {}, _meta: { progressToken: 'p' } }
    const response = await fetch(`${url}/mcp`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 'c', method: 'tools/call', params }),
    })
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    expect(response.headers.get('x-accel-buffering')).toBe('no')
    const messages = (await response.text())
      .split('\n\n')
      .filter(event => event !== '')
      .map(event => JSON.parse(event.replace(/^event: message\ndata: /, '')))
    expect(messages.map(({ method, id, params: sent }) => [method, id, sent?.progress, sent?.message])).toEqual([
      ['notifications/progress', undefined, 1, 'one '],
      ['notifications/progress', undefined, 2, 'two '],
      ['notifications/progress', undefined, 3, 'three'],
      [undefined, 'c', undefined, undefined],
    ])
  })
})

describe('a message', () => {
  it('of another method than POST is a 405, before anybody is asked for a token', async () => {
    @bearerAuth({ tokens: ['inc_abcdefghijkl_0123456789'] })
    class Guarded extends Add {}
    const { url, post } = await start(Guarded, ADD)
    for (const method of ['GET', 'DELETE', 'PUT']) {
      const response = await fetch(`${url}/mcp`, { method })
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
    }
    const { status, headers } = await post({ jsonrpc: '2.0', id: 1, method: 'tools/list' })
    expect(status).toBe(401)
    // A token that is given by hand: nothing that would send a client to an authorization server.
    expect(headers.get('www-authenticate')).toMatch(/^Bearer realm=/)
    expect(headers.get('www-authenticate')).not.toContain('resource_metadata')
    expect((await fetch(`${url}/.well-known/oauth-protected-resource/mcp`)).status).toBe(404)
  })

  it('is refused for what it is, in the form of JSON-RPC', async () => {
    const { post } = await start(Add, ADD)
    const refused = async (message: unknown) => {
      const { status, body } = await post(message)
      expect(Object.keys(body).filter(key => !['jsonrpc', 'id', 'error'].includes(key))).toEqual([])
      return [status, body.error?.code]
    }
    expect(await refused('{')).toEqual([400, -32700])
    expect(await refused([])).toEqual([400, -32600])
    expect(await refused({ id: 1, method: 'ping' })).toEqual([400, -32600])
    expect(await refused({ jsonrpc: '2.0', id: null, method: 'ping' })).toEqual([400, -32600])
    expect(await refused({ jsonrpc: '2.0', id: 1, method: 'prompts/list' })).toEqual([200, -32601])
    expect(await refused({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'other' } })).toEqual([
      200, -32602,
    ])
    expect(await refused({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: { cursor: 'x' } })).toEqual([
      200, -32602,
    ])
  })

  it('without an id is accepted, and has no answer', async () => {
    const { post } = await start(Add, ADD)
    const { status, body } = await post({ jsonrpc: '2.0', method: 'notifications/initialized' })
    expect([status, body]).toEqual([202, {}])
  })

  it('of an older revision gets the revision that it asks for, or the newest of those', async () => {
    const { ask } = await start(Add, ADD)
    const version = async (protocolVersion: string) =>
      (await ask('initialize', { protocolVersion, capabilities: {} })).result?.['protocolVersion']
    expect(await version('2025-06-18')).toBe('2025-06-18')
    expect(await version('2024-01-01')).toBe('2025-11-25')
  })
})

describe('a predictor whose tokens come from an authorization server', () => {
  it('says which, where a token is missing', async () => {
    @jwtAuth({
      secret: 'x'.repeat(32),
      algorithms: ['HS256'],
      issuer: 'https://issuer.example/',
      audience: 'https://models.example/mcp',
    })
    class Guarded extends Add {}
    const { url, post } = await start(Guarded, ADD)
    const { status, headers } = await post({ jsonrpc: '2.0', id: 1, method: 'tools/list' })
    const metadata = `${url}/.well-known/oauth-protected-resource/mcp`
    expect(status).toBe(401)
    expect(headers.get('www-authenticate')).toContain(`resource_metadata="${metadata}"`)
    for (const address of [metadata, `${url}/.well-known/oauth-protected-resource`])
      expect(await (await fetch(address)).json()).toEqual({
        resource: `${url}/mcp`,
        authorization_servers: ['https://issuer.example/'],
        bearer_methods_supported: ['header'],
      })
    const behind = await start(Guarded, ADD, { publicUrl: 'https://models.example/words/' })
    expect(await (await fetch(`${behind.url}/.well-known/oauth-protected-resource`)).json()).toMatchObject({
      resource: 'https://models.example/words/mcp',
    })
  })
})

it('a caller that leaves cancels its call', async () => {
  let told: (() => void) | undefined
  const cancelled = new Promise<void>(resolve => {
    told = resolve
  })
  let begun: (() => void) | undefined
  const beginning = new Promise<void>(resolve => {
    begun = resolve
  })
  class Waiting extends BasePredictor {
    predict(_: unknown, { signal }: PredictContext): Promise<string> {
      begun?.()
      return new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => {
          told?.()
          reject(signal.reason)
        }),
      )
    }
  }
  const signature = signed([{}, { name: 'context', role: 'context' }], [{ kind: 'text' }])
  const { url } = await start(Waiting, signature)
  const leaving = new AbortController()
  const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'tool', arguments: { payload: 1 } } }
  const call = fetch(`${url}/mcp`, { method: 'POST', body: JSON.stringify(message), signal: leaving.signal })
  await beginning
  leaving.abort()
  await expect(call).rejects.toThrow()
  await cancelled
})
