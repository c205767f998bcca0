// @module-tag slow
import { describe, expect, test } from 'vitest'
import type { ParameterSignature } from '../../src/signature/signature.ts'
import { signatureOf } from '../app/_serving.ts'
import { NOTHING, type ServedReplicas, serveReplicas } from './_replicas.ts'
import { RESULT_NAMES } from './fixtures/forms.js'

type Parameters = readonly Partial<ParameterSignature>[]

/** Serves one class of the fixture, from a process and in this one. */
async function serveTwice(
  exportName: string,
  parameters: Parameters,
): Promise<readonly [process: ServedReplicas, inline: ServedReplicas]> {
  const all = { signature: signatureOf(...parameters), exportName }
  return [
    await serveReplicas('forms.js', { ...all, workers: 1 }),
    await serveReplicas('forms.js', { ...all, workers: 0 }),
  ]
}

/** All of an answer that is not of the moment. */
async function exchange({ server }: ServedReplicas, path: string, init: RequestInit): Promise<object> {
  const response = await fetch(`${server.url}${path}`, { method: 'POST', redirect: 'manual', ...init })
  const headers = [...response.headers].filter(([name]) => !['x-request-id', 'date', 'keep-alive'].includes(name))
  const id = response.headers.get('x-request-id') ?? ''
  const body = await response.arrayBuffer().then(
    bytes => Buffer.from(bytes).toString('latin1').replaceAll(id, 'ID'),
    () => 'cut off',
  )
  return { status: response.status, statusText: response.statusText, headers, body }
}

const BYTES = new Uint8Array([0, 255, 128, 65])
const LONG = Array.from({ length: 1000 }, (_, index) => index / 7)

/** @param more - Bytes that its file has beside the few. */
function makeForm(more = 0): FormData {
  const form = new FormData()
  form.set('name', 'a')
  form.append('name', 'b')
  form.set('numbers', JSON.stringify(LONG))
  form.set('file', new File([BYTES, new Uint8Array(more)], 'x.bin', { type: 'image/x' }))
  return form
}

/** The fields of that form, and one as JSON. */
const FIELDS = {
  type: 'object',
  properties: {
    name: { type: 'array', items: { type: 'string' } },
    file: { type: 'string', format: 'binary', 'x-incant-type': 'File' },
    numbers: { type: 'array', items: { type: 'number' } },
  },
  required: ['name', 'file', 'numbers'],
} as const

/** What JSON writes as text, and predict gets as what it is. */
const decoded = {
  type: 'object',
  properties: {
    at: { type: 'string', format: 'date-time', 'x-incant-type': 'Date' },
    count: { type: 'string', pattern: '^\\d+$', 'x-incant-type': 'bigint' },
    bytes: { type: 'string', format: 'byte', 'x-incant-type': 'Uint8Array' },
    buffer: { type: 'string', format: 'byte', 'x-incant-type': 'Buffer' },
  },
} as const
const DECODED = { at: '2020-01-02T03:04:05.000Z', count: '12345678901234567890', bytes: 'AP8=', buffer: 'AP8=' }

describe('predict in a process of its own takes what it takes in this one', () => {
  const json = (value: unknown) => ({ body: JSON.stringify(value) })
  test.each<[string, Parameters, RequestInit[]]>([
    [
      'payload',
      [{ role: 'payload' }],
      [json({ a: [1, -0, null, 'é', { b: true }] }), json(7), json({ pixels: LONG, more: [LONG, [LONG]] }), json(LONG)],
    ],
    ['dates, big integers and bytes in JSON', [{ role: 'payload', schema: decoded }], [json(DECODED)]],
    ['text', [{ role: 'text' }], [{ body: 'héllo' }, { body: 'é'.repeat(40_000) }]],
    ['bytes', [{ role: 'bytes', bodyClass: 'Uint8Array' }], [{ body: BYTES }]],
    ['Buffer', [{ role: 'bytes', bodyClass: 'Buffer' }], [{ body: BYTES }]],
    ['ArrayBuffer', [{ role: 'bytes', bodyClass: 'ArrayBuffer' }], [{ body: BYTES }]],
    ['Blob', [{ role: 'blob', bodyClass: 'Blob' }], [{ body: BYTES, headers: { 'content-type': 'image/x' } }]],
    ['form', [{ role: 'form' }], [{ body: makeForm() }, { body: new URLSearchParams({ a: '1 2' }) }]],
    ['fields of a form', [{ role: 'form', schema: FIELDS }], [{ body: makeForm() }, { body: makeForm(2_000_000) }]],
    ['stream', [{ role: 'stream' }], [{ body: 'streamed' }, {}]],
    ['request', [{ role: 'request' }], [{ body: 'raw', headers: { 'x-mine': 'yes' } }, {}]],
    ['payload and request', [{ role: 'payload' }, { role: 'request' }], [json({ a: LONG })]],
    ['stream and request', [{ role: 'stream' }, { role: 'request' }], [{ body: 'both' }]],
  ])('%s', async (_name, parameters, requests) => {
    const [process, inline] = await serveTwice('Takes', parameters)
    for (const request of requests) {
      const [one, other] = [
        await exchange(process, '/predict?a=b', request),
        await exchange(inline, '/predict?a=b', request),
      ]
      expect(one).toEqual(other)
      expect(one).toMatchObject({ status: 200 })
    }
    expect(process.engine.load).toEqual(NOTHING)
  })
})

test('every result of predict, and all it throws, is the same answer from a process as from this one', async () => {
  const [process, inline] = await serveTwice('Results', [{ role: 'payload' }])
  for (const make of RESULT_NAMES) {
    for (const accept of ['*/*', 'application/x-ndjson']) {
      const request = { body: JSON.stringify({ make }), headers: { accept } }
      const [one, other] = [await exchange(process, '/predict', request), await exchange(inline, '/predict', request)]
      expect({ make, ...one }).toEqual({ make, ...other })
    }
  }
  const causes = (served: ServedReplicas) =>
    served.lines.flatMap(({ message, fields }) => {
      const { name, message: cause } = (fields['error'] ?? {}) as { name?: string; message?: string }
      return message === 'predict failed' ? [[name, cause]] : []
    })
  expect(causes(process)).toEqual(causes(inline))
  expect(process.engine.load).toEqual(NOTHING)
})
