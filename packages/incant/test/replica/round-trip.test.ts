import { describe, expect, test } from 'vitest'
import { ModelClient } from '../../src/client/model-client.ts'
import type { JSONSchema } from '../../src/schema/json-schema.ts'
import { NUMBER_ARRAYS, numberArraySchema } from '../../src/schema/number-arrays.ts'
import { signatureOf } from '../app/_serving.ts'
import { type ServedReplicas, serveReplicas } from './_replicas.ts'

const base64 = { type: 'string', contentEncoding: 'base64' } as const
const PROPERTIES: { readonly [name: string]: JSONSchema } = {
  Date: { type: 'string', format: 'date-time', 'x-incant-type': 'Date' },
  BigInt: { type: 'string', pattern: '^(?:0|-?[1-9]\\d*)$', 'x-incant-type': 'bigint' },
  Uint8Array: { ...base64, 'x-incant-type': 'Uint8Array' },
  ArrayBuffer: { ...base64, 'x-incant-type': 'ArrayBuffer' },
  ...Object.fromEntries(NUMBER_ARRAYS.map(type => [type, numberArraySchema(type)])),
}
const SCHEMA: JSONSchema = { type: 'object', properties: PROPERTIES, required: Object.keys(PROPERTIES) }

/** Each kind of value, as JSON carries it. */
const WIRE = {
  Date: '2026-01-31T12:00:00.000Z',
  BigInt: '-12345678901234567890123',
  Uint8Array: 'AAH/',
  ArrayBuffer: '',
  ...Object.fromEntries(NUMBER_ARRAYS.map(type => [type, type.startsWith('Big') ? ['0', '5'] : [0, 5, 100]])),
  Float32Array: [0.5, -3.4028234663852886e38],
  Float64Array: Array.from({ length: 1000 }, (_, index) => index / 7),
}

/** The same, as a program has it. */
const VALUES = {
  Date: new Date(WIRE.Date),
  BigInt: BigInt(WIRE.BigInt),
  Uint8Array: new Uint8Array([0, 1, 255]),
  ArrayBuffer: new ArrayBuffer(0),
  Int8Array: new Int8Array([0, 5, 100]),
  Uint8ClampedArray: new Uint8ClampedArray([0, 5, 100]),
  Int16Array: new Int16Array([0, 5, 100]),
  Uint16Array: new Uint16Array([0, 5, 100]),
  Int32Array: new Int32Array([0, 5, 100]),
  Uint32Array: new Uint32Array([0, 5, 100]),
  Float32Array: new Float32Array(WIRE.Float32Array),
  Float64Array: new Float64Array(WIRE.Float64Array),
  BigInt64Array: new BigInt64Array([0n, 5n]),
  BigUint64Array: new BigUint64Array([0n, 5n]),
}

/** What predict saw, and what comes back: each value as the class of its name, in the form in which it went in. */
const ECHO = { kinds: Object.fromEntries(Object.keys(PROPERTIES).map(name => [name, name])), payload: WIRE }

function serve(exportName: string, workers: number): Promise<ServedReplicas> {
  const signature = signatureOf({ schema: SCHEMA })
  return serveReplicas('echo.js', { signature, exportName, workers })
}

describe.each([0, 1])('with %i replicas, what goes in comes out the same way', workers => {
  test.each(['default', 'EchoBatch'])('as JSON, by %s', async exportName => {
    const { server } = await serve(exportName, workers)
    const init = { method: 'POST', body: JSON.stringify(WIRE), headers: { 'content-type': 'application/json' } }
    const answers = await Promise.all([1, 2, 3].map(() => fetch(`${server.url}/predict`, init)))
    for (const answer of answers) expect(await answer.json()).toEqual(ECHO)
  })

  test('as JSON that is large', async () => {
    const { server } = await serve('default', workers)
    const large = { ...WIRE, Float64Array: Array.from({ length: 80_000 }, (_, index) => index / 7) }
    const init = { method: 'POST', body: JSON.stringify(large), headers: { 'content-type': 'application/json' } }
    expect(await (await fetch(`${server.url}/predict`, init)).json()).toEqual({ ...ECHO, payload: large })
  })

  test('as items of a stream, in both formats', async () => {
    const { server } = await serve('EchoStream', workers)
    const item = JSON.stringify(ECHO)
    const text = async (accept: string) => {
      const init = { method: 'POST', body: JSON.stringify(WIRE), headers: { accept } }
      return (await fetch(`${server.url}/predict`, init)).text()
    }
    expect(await text('text/event-stream')).toBe(`data: ${item}\n\n`.repeat(2))
    expect(await text('application/x-ndjson')).toBe(`${item}\n`.repeat(2))
  })

  test('from the values themselves, by the client', async () => {
    const { server } = await serve('default', workers)
    const model = new ModelClient<{ predict(payload: typeof VALUES): { kinds: unknown; payload: typeof VALUES } }>(
      server.url,
    )
    const { kinds, payload } = await model.predict(VALUES)
    expect({ kinds, payload }).toEqual(ECHO)
    // What came back may be sent again: the forms of the wire are taken, too.
    expect(await model.predict(payload)).toEqual(ECHO)
  })
})
