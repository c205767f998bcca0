import { status } from '@grpc/grpc-js'
import { describe, expect, it, onTestFinished } from 'vitest'
import { serve } from '../../src/node/serve.ts'
import { BasePredictor } from '../../src/predictor/base-predictor.ts'
import { Echo, rememberingLogger, served } from '../node/_served.ts'
import { clientOf } from './_client.ts'

const CHECK = '/grpc.health.v1.Health/Check'
const WATCH = '/grpc.health.v1.Health/Watch'
const SERVING = Uint8Array.of(8, 1)
const NOT_SERVING = Uint8Array.of(8, 2)

/** `HealthCheckRequest` of a service. */
const ofService = (name: string) => Buffer.concat([Buffer.from([10, name.length]), Buffer.from(name)])

class Late extends BasePredictor {
  static open: () => void = () => {}
  static readonly opened = new Promise<void>(resolve => {
    Late.open = resolve
  })

  override setup(): Promise<void> {
    return Late.opened
  }

  predict(payload: unknown): unknown {
    return payload
  }
}

describe('grpc.health.v1', () => {
  it('answers with the health of the server, asked for without a name or by that of its service', async () => {
    const { server } = await served(Echo, { grpcListen: '127.0.0.1:0' })
    const { call } = clientOf(server.grpcAddress)
    for (const name of ['', 'inference.GRPCInferenceService'])
      expect(await call(CHECK, ofService(name))).toMatchObject({ code: status.OK, message: SERVING })
    expect(await call(CHECK, ofService('other.Service'))).toMatchObject({ code: status.NOT_FOUND })
    server.drain()
    expect(await call(CHECK)).toMatchObject({ code: status.OK, message: NOT_SERVING })
  })

  it('tells those that watch every change, and ends with the server', { tags: ['slow'] }, async () => {
    const { logger } = rememberingLogger()
    const server = await serve(Late, { port: 0, logger, grpcListen: '127.0.0.1:0' })
    onTestFinished(async () => void (await server.close({ gracePeriod: 0 })))
    const watch = clientOf(server.grpcAddress).watch(WATCH)
    const next = async () => Uint8Array.from((await watch.next()).value ?? [])
    expect(await next()).toEqual(NOT_SERVING)
    Late.open()
    expect(await next()).toEqual(SERVING)
    server.drain()
    expect(await next()).toEqual(NOT_SERVING)
    const end = watch.next().catch(error => error)
    expect(await server.close()).toEqual({ cut: 0 })
    expect(await end).toMatchObject({ code: status.UNAVAILABLE })
  })

  it('says of a service that is not there that it may come', async () => {
    const { server } = await served(Echo, { grpcListen: '127.0.0.1:0' })
    const { value } = await clientOf(server.grpcAddress).watch(WATCH, ofService('other.Service')).next()
    expect(value).toEqual(Buffer.of(8, 3))
  })
})
