import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { Client, credentials, status } from '@grpc/grpc-js'
import { describe, expect, it, onTestFinished } from 'vitest'
import { bearerAuth } from '../../src/auth/index.ts'
import { serve } from '../../src/node/serve.ts'
import { BasePredictor } from '../../src/predictor/base-predictor.ts'
import type { PredictContext } from '../../src/predictor/context.ts'
import { eventually, rememberingLogger } from '../node/_served.ts'
import { clientOf } from './_client.ts'
import { write } from './_protobuf.ts'
import { FLOATS, INFER, inferClient, rawOf, SIMPLE, serveGRPC } from './_simple.ts'

const MIB = 1_048_576

class Length extends BasePredictor {
  predict({ x }: { x: Float32Array }): object {
    return { y: Float32Array.of(x.length) }
  }
}

/** A message of exactly so many bytes. */
function messageOf(size: number): Uint8Array {
  const make = (floats: number, id: number): Uint8Array =>
    write('ModelInferRequest', {
      ...{ model_name: 'simple', id: 'i'.repeat(id) },
      inputs: [{ name: 'x', datatype: 'FP32', shape: [floats] }],
      raw_input_contents: [rawOf(new Float32Array(floats))],
    })
  const floats = Math.floor((size - 100) / 4)
  return make(floats, size - make(floats, 1).byteLength + 1)
}

/** A predict that ends when it is told to, or when its signal fires. */
function makeHeld() {
  const begun: PredictContext[] = []
  const release: (() => void)[] = []
  class Held extends BasePredictor {
    async predict(_payload: unknown, context: PredictContext): Promise<object> {
      begun.push(context)
      await new Promise<void>(resolve => release.push(resolve))
      return { OUTPUT0: Int32Array.of(1), OUTPUT1: Int32Array.of(2) }
    }
  }
  const signature = { ...SIMPLE, parameters: [...SIMPLE.parameters, { name: 'context', role: 'context' }] } as const
  return { Held, signature, begun, release: () => release.splice(0).map(tell => tell()) }
}

describe('a message', () => {
  it('of as many bytes as a body may have passes, and one more byte is refused', { tags: ['slow'] }, async () => {
    const { server, requests } = await serveGRPC(Length, { signature: FLOATS, maxBodySize: 10 * MIB })
    const { call } = clientOf(server.grpcAddress)
    const [fits, larger] = [messageOf(10 * MIB), messageOf(10 * MIB + 1)]
    expect([fits.byteLength, larger.byteLength]).toEqual([10 * MIB, 10 * MIB + 1])
    expect(await call(INFER, fits)).toMatchObject({ code: status.OK })
    expect(await call(INFER, larger)).toMatchObject({ code: status.RESOURCE_EXHAUSTED })
    await expect
      .poll(() => requests().map(({ status, reason }) => [status, reason]))
      .toEqual([
        [200, undefined],
        [413, 'body_too_large'],
      ])
  })

  it('counts as it is once it is decompressed', async () => {
    const { server } = await serveGRPC(Length, { signature: FLOATS, maxBodySize: MIB })
    const fits = messageOf(MIB)
    expect(await callCompressed(server.grpcAddress, fits)).toBe(status.OK)
    expect(await callCompressed(server.grpcAddress, messageOf(MIB + 1))).toBe(status.RESOURCE_EXHAUSTED)
  })

  it('is not asked for before the credentials are good', async () => {
    class Guarded extends Length {}
    bearerAuth({ tokens: 'good-token' })(Guarded)
    const { server, requests } = await serveGRPC(Guarded, { signature: FLOATS })
    const client = new Client(server.grpcAddress ?? '', credentials.createInsecure())
    onTestFinished(() => client.close())
    const asIs = (bytes: Uint8Array) => Buffer.from(bytes)
    // No message is ever sent.
    const code = await new Promise(resolve => {
      const stream = client.makeClientStreamRequest(INFER, asIs, asIs, error => resolve(error?.code))
      stream.on('error', () => {})
    })
    expect(code).toBe(status.UNAUTHENTICATED)
    expect(requests()).toMatchObject([{ status: 401 }])
  })

  it('is one', async () => {
    const { server } = await serveGRPC(Length, { signature: FLOATS })
    const client = new Client(server.grpcAddress ?? '', credentials.createInsecure())
    onTestFinished(() => client.close())
    const asIs = (bytes: Uint8Array) => Buffer.from(bytes)
    const send = (messages: readonly Uint8Array[]) =>
      new Promise(resolve => {
        const stream = client.makeClientStreamRequest(INFER, asIs, asIs, error => resolve(error?.code))
        for (const message of messages) stream.write(message)
        stream.end()
      })
    expect(await send([])).toBe(status.INVALID_ARGUMENT)
    expect(await send([messageOf(400), messageOf(400)])).toBe(status.INVALID_ARGUMENT)
  })

  it('that does not come in time is given up', { tags: ['slow'] }, async () => {
    const { server } = await serveGRPC(Length, { signature: FLOATS, bodyTimeout: 1000 })
    const client = new Client(server.grpcAddress ?? '', credentials.createInsecure())
    onTestFinished(() => client.close())
    const asIs = (bytes: Uint8Array) => Buffer.from(bytes)
    const code = await new Promise(resolve => {
      client.makeClientStreamRequest(INFER, asIs, asIs, error => resolve(error?.code))
    })
    expect(code).toBe(status.DEADLINE_EXCEEDED)
  })

  it('with values without end in fields is refused before they are read', async () => {
    const { client } = await serveGRPC(Length, { signature: FLOATS })
    const contents = { int_contents: Array.from({ length: 100_001 }, () => 1) }
    const inputs = [{ name: 'x', datatype: 'INT32', shape: [100_001], contents }]
    const { code, details } = await client.infer({ inputs, raw_input_contents: [] })
    expect(code).toBe(status.RESOURCE_EXHAUSTED)
    expect(details).toContain('Send larger tensors raw.')
    const floats = { fp32_contents: Array.from({ length: 200_000 }, () => 1) }
    const many = [{ name: 'x', datatype: 'FP32', shape: [200_000], contents: floats }]
    expect(await client.infer({ inputs: many, raw_input_contents: [] })).toMatchObject({ code: status.OK })
    const texts = [{ name: 'x', datatype: 'BYTES', shape: [100_001] }]
    const raw = [new Uint8Array(400_004)]
    expect(await client.infer({ inputs: texts, raw_input_contents: raw })).toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
    })
  })
})

/** A call whose message is compressed with gzip. */
async function callCompressed(address: string | undefined, message: Uint8Array): Promise<number> {
  const { connect: open } = await import('node:http2')
  const session = open(`http://${address}`)
  onTestFinished(() => session.destroy())
  const stream = session.request({
    ...{
      ':method': 'POST',
      ':path': INFER,
      'content-type': 'application/grpc',
      'grpc-encoding': 'gzip',
      te: 'trailers',
    },
  })
  const packed = gzipSync(message)
  const head = Buffer.alloc(5)
  head.writeUInt8(1, 0)
  head.writeUInt32BE(packed.byteLength, 1)
  stream.end(Buffer.concat([head, packed]))
  stream.resume()
  return new Promise(resolve => {
    const look = (headers: { readonly [name: string]: unknown }) => {
      if (headers['grpc-status'] !== undefined) resolve(Number(headers['grpc-status']))
    }
    stream.on('response', look)
    stream.on('trailers', look)
  })
}

describe('a call', () => {
  it('that its caller cancels fires the signal of predict', async () => {
    const { Held, signature, begun } = makeHeld()
    const { client, requests } = await serveGRPC(Held, { signature })
    const controller = new AbortController()
    const called = client.infer({}, { signal: controller.signal })
    await eventually(() => begun.length === 1)
    controller.abort()
    expect(await called).toMatchObject({ code: status.CANCELLED })
    await eventually(() => begun[0]?.signal.aborted === true)
    await expect.poll(() => requests().map(({ status, reason }) => [status, reason])).toEqual([[499, 'client_closed']])
  })

  it('ends at the deadline of its caller, where that comes first, or at that of the server', async () => {
    const { Held, signature, begun } = makeHeld()
    const { client, requests } = await serveGRPC(Held, { signature, requestTimeout: 60_000 })
    expect(await client.infer({}, { deadline: 2000 })).toMatchObject({ code: status.DEADLINE_EXCEEDED })
    await eventually(() => begun[0]?.signal.aborted === true)
    // At its deadline the caller leaves, too, and either may be noticed first.
    const outcomes: Readonly<Record<string, number>> = { deadline_exceeded: 504, client_closed: 499 }
    const { code = '' } = Object(begun[0]?.signal.reason)
    await expect
      .poll(() => requests().map(({ status, reason }) => [status, reason]))
      .toEqual([[outcomes[code] ?? 'neither', code]])
    const own = await serveGRPC(Held, { signature, requestTimeout: 200 })
    expect(await own.client.infer({}, { deadline: 60_000 })).toMatchObject({ code: status.DEADLINE_EXCEEDED })
  })

  it('does not begin where the queue is full, nor is its message read', async () => {
    const { Held, signature, begun, release } = makeHeld()
    const { client } = await serveGRPC(Held, { signature, concurrency: 1, queue: 0 })
    const first = client.infer()
    await eventually(() => begun.length === 1)
    expect(await client.infer()).toMatchObject({ code: status.RESOURCE_EXHAUSTED, end: { 'retry-after': '1' } })
    expect(await client.ask('ModelReady', { name: 'simple' })).toMatchObject({ code: status.OK })
    release()
    expect(await first).toMatchObject({ code: status.OK })
  })

  it('waits for its turn among those of its address', { tags: ['slow'] }, async () => {
    const { Held, signature, begun, release } = makeHeld()
    const options = { signature, maxConnections: 1, maxConnectionsPerAddress: 1, headersTimeout: 1000 }
    const { client, server } = await serveGRPC(Held, options)
    const first = client.infer()
    await eventually(() => begun.length === 1)
    expect(await client.infer()).toMatchObject({ code: status.RESOURCE_EXHAUSTED })
    expect(await clientOf(server.grpcAddress).call('/grpc.health.v1.Health/Check')).toMatchObject({ code: status.OK })
    const waiting = client.infer()
    release()
    await eventually(() => begun.length === 2)
    release()
    expect([await first, await waiting]).toMatchObject([{ code: status.OK }, { code: status.OK }])
  })

  it('may have as much metadata as a request may have header lines', async () => {
    const { client, requests } = await serveGRPC(Length, { signature: FLOATS })
    const { code } = await client.infer({}, { metadata: { 'x-padding': 'x'.repeat(17_000) } })
    expect(code).toBe(status.RESOURCE_EXHAUSTED)
    expect(requests()).toMatchObject([{ status: 431 }])
  })

  it('is refused while the server starts, and its health says so', async () => {
    class Never extends Length {
      override setup(): Promise<void> {
        return new Promise(() => {})
      }
    }
    const { logger } = rememberingLogger()
    const server = await serve(Never, { port: 0, logger, signature: FLOATS, grpcListen: '127.0.0.1:0' })
    onTestFinished(async () => void (await server.close({ gracePeriod: 0 })))
    server.ready.catch(() => {})
    const client = inferClient(server.grpcAddress)
    expect(await client.infer()).toMatchObject({ code: status.UNAVAILABLE })
    expect((await client.ask('ServerReady')).message).toEqual({ ready: false })
    expect((await client.ask('ModelReady', { name: 'simple' })).message).toEqual({ ready: false })
  })
})

describe('connections', () => {
  it('past the limit are closed, and one address cannot have all', async () => {
    const { server, lines, client } = await serveGRPC(Length, { signature: FLOATS, maxConnections: 1 })
    const port = Number(server.grpcAddress?.split(':')[1])
    const closed: number[] = []
    const sockets = Array.from({ length: 7 }, (_, index) => {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => {})
      socket.on('close', () => closed.push(index))
      socket.resume()
      return socket
    })
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy()
    })
    // Eight for each that may have a call handled, three quarters of them for one address.
    await eventually(() => closed.length === 1)
    expect(closed).toEqual([6])
    expect(lines.map(({ message }) => message)).toContain(
      'connection limit reached: new connections for gRPC are closed',
    )
    sockets[0]?.destroy()
    await eventually(() => closed.length === 2)
    expect((await client.ask('ServerLive')).message).toEqual({ live: true })
  })
})

it('bytes that are no gRPC end their connection, and nothing else', async () => {
  const { server, client, lines } = await serveGRPC(Length, { signature: FLOATS })
  const port = Number(server.grpcAddress?.split(':')[1])
  const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'
  const texts = [
    'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n',
    '\0\u0001\u0002'.repeat(2000),
    `${preface}${'x'.repeat(2000)}`,
  ]
  for (const text of texts) {
    await new Promise<void>(resolve => {
      const socket = connect(port, '127.0.0.1', () => socket.end(text))
      socket.on('error', () => {})
      socket.on('close', () => resolve())
      socket.resume()
    })
  }
  expect((await client.ask('ServerLive')).message).toEqual({ live: true })
  expect(lines.filter(({ level }) => level === 'error')).toEqual([])
})

describe('a server that stops', () => {
  it('lets calls that have begun end, and takes no other', async () => {
    const { Held, signature, begun, release } = makeHeld()
    const { client, server } = await serveGRPC(Held, { signature, gracePeriod: 60_000 })
    const first = client.infer()
    await eventually(() => begun.length === 1)
    server.drain()
    // Until it stops listening, everything else is served.
    const second = client.infer()
    await eventually(() => begun.length === 2)
    const closing = server.close()
    await eventually(() => server.state === 'stopping')
    expect(await client.infer()).toMatchObject({ code: status.UNAVAILABLE })
    expect(await inferClient(server.grpcAddress).infer()).toMatchObject({ code: status.UNAVAILABLE })
    release()
    expect([await first, await second]).toMatchObject([{ code: status.OK }, { code: status.OK }])
    expect(await closing).toEqual({ cut: 0 })
  })

  it('cuts those that do not end in time, and leaves nothing open', async () => {
    const { Held, signature, begun } = makeHeld()
    const { client, server } = await serveGRPC(Held, { signature })
    const called = client.infer()
    await eventually(() => begun.length === 1)
    expect(await server.close({ gracePeriod: 0 })).toEqual({ cut: 1 })
    expect(begun[0]?.signal.aborted).toBe(true)
    expect(await called).toMatchObject({ code: status.UNAVAILABLE })
    const refused = await new Promise(resolve => {
      connect(Number(server.grpcAddress?.split(':')[1]), '127.0.0.1').on('error', ({ message }) => resolve(message))
    })
    expect(refused).toContain('ECONNREFUSED')
  })
})

it('metrics tell calls of gRPC apart', async () => {
  const { client, server } = await serveGRPC(Length, { signature: FLOATS })
  const inputs = [{ name: 'x', datatype: 'FP32', shape: [1] }]
  await client.infer({ inputs, raw_input_contents: [rawOf(Float32Array.of(1))] })
  const page = await (await fetch(`${server.url}/metrics`)).text()
  expect(page).toMatch(/^incant_requests_total\{.*protocol="grpc".*\} 1$/m)
})
