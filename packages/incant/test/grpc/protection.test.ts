import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { credentials, status } from '@grpc/grpc-js'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createApp } from '../../src/app/create-app.ts'
import {
  type AuthDecorator,
  apiKeyAuth,
  bearerAuth,
  bodyTokenAuth,
  mutualTlsAuth,
  privateNetwork,
  rateLimit,
  requireScopes,
} from '../../src/auth/index.ts'
import { serve } from '../../src/node/serve.ts'
import { serveModels } from '../../src/node/serve-models.ts'
import { rememberingLogger, served } from '../node/_served.ts'
import { makeIssuer, writePair } from '../node/tls/_certificates.ts'
import { type Called, clientOf } from './_client.ts'
import { INFER, inferClient, SERVICE, SIMPLE, Simple, serveGRPC } from './_simple.ts'

type Decorate = AuthDecorator | ReturnType<typeof privateNetwork>

function guarded(...decorators: readonly Decorate[]): typeof Simple {
  class Guarded extends Simple {}
  for (const decorator of decorators) decorator(Guarded)
  return Guarded
}

const GOOD = { metadata: { authorization: 'Bearer good-token' } }

describe('credentials of a call', () => {
  it('are those of its metadata, read as headers are', async () => {
    const { client, requests } = await serveGRPC(guarded(bearerAuth({ tokens: 'good-token' })))
    const without = await client.infer()
    expect(without).toMatchObject({
      code: status.UNAUTHENTICATED,
      end: { 'www-authenticate': 'Bearer realm="predict"' },
    })
    const wrong = await client.infer({}, { metadata: { authorization: 'Bearer other' } })
    expect(wrong).toMatchObject({ code: status.UNAUTHENTICATED })
    expect(await client.infer({}, GOOD)).toMatchObject({ code: status.OK })
    expect(requests().map(({ status, reason }) => [status, reason])).toEqual([
      [401, 'unauthorized'],
      [401, 'invalid_credentials'],
      [200, undefined],
    ])
  })

  it('are asked for by each method that says something of a model, and not for health', async () => {
    const { client } = await serveGRPC(guarded(bearerAuth({ tokens: 'good-token' })))
    for (const method of ['ServerMetadata', 'ModelReady', 'ModelMetadata', 'RepositoryIndex']) {
      expect(await client.ask(method, { name: 'simple' })).toMatchObject({ code: status.UNAUTHENTICATED })
      expect(await client.ask(method, method === 'RepositoryIndex' ? {} : { name: 'simple' }, GOOD)).toMatchObject({
        code: status.OK,
      })
    }
    for (const method of ['ServerLive', 'ServerReady'])
      expect(await client.ask(method)).toMatchObject({ code: status.OK })
  })

  it('may be in an entry of any name', async () => {
    const { client } = await serveGRPC(guarded(apiKeyAuth({ tokens: 'good-key', header: 'X-Model-Key' })))
    expect(await client.infer()).toMatchObject({ code: status.UNAUTHENTICATED })
    expect(await client.infer({}, { metadata: { 'x-model-key': 'good-key' } })).toMatchObject({ code: status.OK })
  })

  it('that do not allow the call are refused as such, and calls are counted', async () => {
    const forbidden = await serveGRPC(guarded(requireScopes('predict'), bearerAuth({ tokens: 'good-token' })))
    expect(await forbidden.client.infer({}, GOOD)).toMatchObject({ code: status.PERMISSION_DENIED })
    const limits = rateLimit({ requests: 1, per: 'hour' })
    const limited = await serveGRPC(guarded(limits, bearerAuth({ tokens: 'good-token' })))
    expect(await limited.client.infer({}, GOOD)).toMatchObject({ code: status.OK })
    expect(await limited.client.infer({}, GOOD)).toMatchObject({ code: status.RESOURCE_EXHAUSTED })
  })

  it('cannot be in the payload', async () => {
    const { logger } = rememberingLogger()
    const options = { port: 0, logger, signature: SIMPLE, grpcListen: '127.0.0.1:0' }
    await expect(serve(guarded(bodyTokenAuth({ tokens: 'good-token' })), options)).rejects.toMatchObject({
      code: 'protocol_unfit',
    })
  })
})

/** What a caller sees of a call, but for the time of day. */
function seen({ code, details, head, end: { date: _date, ...end }, message }: Called): object {
  return { code, details, head, end, message }
}

describe('a private server', () => {
  const allow = (address: string) => ({ visibility: 'private', allow: [address], insecureHttp: true }) as const

  it('answers its network as any other', async () => {
    const { client } = await serveGRPC(Simple, allow('127.0.0.1'))
    expect(await client.infer()).toMatchObject({ code: status.OK })
  })

  it('shows an outsider for each method what it shows for one that is not there', async () => {
    const { server, requests } = await serveGRPC(Simple, allow('127.0.0.2'))
    const { call } = clientOf(server.grpcAddress)
    const paths = [INFER, `${SERVICE}/ServerLive`, '/grpc.health.v1.Health/Check', '/grpc.health.v1.Health/Watch']
    const unknown = await call('/nothing.Here/Call')
    const headers = { 'x-request-id': 'r-1', 'x-padding': 'x'.repeat(20_000) }
    for (const path of paths) {
      const found = await call(path, Uint8Array.of(1), { metadata: headers })
      const details = unknown.details.replace('/nothing.Here/Call', path)
      expect(seen(found)).toEqual({ ...seen(unknown), details })
    }
    expect(unknown.code).toBe(status.UNIMPLEMENTED)
    expect(requests().map(({ status }) => status)).toEqual([404, 404, 404, 404])
  })

  it('is private by the decorator, too, and by the names that are asked for', async () => {
    const outside = await serveGRPC(guarded(privateNetwork({ allow: ['127.0.0.2'] })), { insecureHttp: true })
    expect(await outside.client.infer()).toMatchObject({ code: status.UNIMPLEMENTED })
    const { server } = await serveGRPC(guarded(privateNetwork({ allow: ['127.0.0.1'] })), { insecureHttp: true })
    const named = (name: string) =>
      inferClient(server.grpcAddress, credentials.createInsecure(), { 'grpc.default_authority': name }).infer()
    expect(await named('localhost:8001')).toMatchObject({ code: status.OK })
    expect(await named('attacker.example')).toMatchObject({ code: status.UNIMPLEMENTED })
  })

  it('has no public gRPC beside it', async () => {
    const { client } = await serveGRPC(Simple, { public: '127.0.0.1:0', ...allow('127.0.0.2') })
    expect(await client.infer()).toMatchObject({ code: status.UNIMPLEMENTED })
  })

  it('takes the address that a trusted proxy reports, and from nobody else', async () => {
    const insider = { metadata: { 'x-forwarded-for': '127.0.0.2' } }
    const plain = await serveGRPC(Simple, allow('127.0.0.2'))
    expect(await plain.client.infer({}, insider)).toMatchObject({ code: status.UNIMPLEMENTED })
    const proxied = await serveGRPC(Simple, { ...allow('127.0.0.2'), trustedProxies: ['127.0.0.1'] })
    expect(await proxied.client.infer({}, insider)).toMatchObject({ code: status.OK })
    expect(await proxied.client.infer()).toMatchObject({ code: status.UNIMPLEMENTED })
  })

  it('needs a certificate, as over HTTP', async () => {
    const { logger } = rememberingLogger()
    const options = { port: 0, logger, signature: SIMPLE, grpcListen: '0.0.0.0:0' }
    await expect(serve(guarded(bearerAuth({ tokens: 'good-token' })), options)).rejects.toMatchObject({
      code: 'insecure_http',
    })
  })
})

describe('TLS', () => {
  /** Node 26 lets no client ask for an address by TLS (RFC 6066 §3), as the library does with the one that it connects to. */
  const byName = { 'grpc.ssl_target_name_override': 'localhost' }

  it('has the certificate of the server, and the next one once it is there', async () => {
    const authority = await makeIssuer()
    const { files, replace } = writePair(await authority.issue())
    const { server } = await serveGRPC(Simple, files)
    const trusting = (cert: string) => inferClient(server.grpcAddress, credentials.createSsl(Buffer.from(cert)), byName)
    expect(await trusting(authority.cert).infer()).toMatchObject({ code: status.OK })
    expect(await inferClient(server.grpcAddress).infer({}, { deadline: 2000 })).not.toMatchObject({ code: status.OK })
    const next = await makeIssuer()
    replace(await next.issue())
    await server.reloadCertificate()
    expect(await trusting(next.cert).infer()).toMatchObject({ code: status.OK })
    expect(await trusting(authority.cert).infer({}, { deadline: 2000 })).not.toMatchObject({ code: status.OK })
  })

  it('asks for client certificates, whose names decide', async () => {
    const [authority, clients] = [await makeIssuer(), await makeIssuer('issuer of callers')]
    const { files, folder } = writePair(await authority.issue())
    const clientCa = join(folder, 'ca.pem')
    writeFileSync(clientCa, clients.cert)
    const { server, requests } = await serveGRPC(guarded(mutualTlsAuth({ subjects: ['billing'] })), {
      ...files,
      clientCa,
    })
    const as = (pair: { key: string; cert: string } | undefined) =>
      inferClient(
        server.grpcAddress,
        credentials.createSsl(
          Buffer.from(authority.cert),
          pair === undefined ? null : Buffer.from(pair.key),
          pair === undefined ? null : Buffer.from(pair.cert),
        ),
        byName,
      ).infer({}, { deadline: 2000 })
    expect(await as(await clients.issue({ commonName: 'billing' }))).toMatchObject({ code: status.OK })
    expect(await as(await clients.issue({ commonName: 'other' }))).toMatchObject({ code: status.UNAUTHENTICATED })
    expect(await as(undefined)).not.toMatchObject({ code: status.OK })
    expect(await as(await authority.issue({ commonName: 'billing' }))).not.toMatchObject({ code: status.OK })
    expect(requests().map(({ status, principal }) => [status, principal])).toEqual([
      [200, 'CN=billing'],
      [401, undefined],
    ])
  })
})

describe('an application with middleware', () => {
  it('is not called past it', async () => {
    const { logger } = rememberingLogger()
    const app = createApp(Simple, { logger, signature: SIMPLE })
    app.use(async (_context, next) => next())
    await expect(serve(app, { port: 0, grpcListen: '127.0.0.1:0' })).rejects.toMatchObject({ code: 'invalid_option' })
    const later = createApp(Simple, { logger, signature: SIMPLE })
    const server = await serve(later, { port: 0, grpcListen: '127.0.0.1:0' })
    onTestFinished(async () => void (await server.close({ gracePeriod: 0 })))
    const client = inferClient(server.grpcAddress)
    later.use(async (_context, next) => next())
    expect(await client.infer()).toMatchObject({ code: status.NOT_FOUND })
  })
})

describe('several models', () => {
  it('are called by their names, each with its own credentials', async () => {
    const { logger, lines } = rememberingLogger()
    const plan = { signature: SIMPLE }
    const models = {
      open: { predictor: Simple, ...plan },
      'guarded:v1': { predictor: guarded(bearerAuth({ tokens: 'good-token' })), ...plan },
    }
    const server = await serveModels(models, { port: 0, logger, grpcListen: '127.0.0.1:0' })
    onTestFinished(async () => void (await server.close({ gracePeriod: 0 })))
    await server.ready
    const client = inferClient(server.grpcAddress)
    expect(await client.infer({ model_name: 'open' })).toMatchObject({
      code: status.OK,
      message: { model_version: '1' },
    })
    expect(await client.infer({ model_name: 'guarded' })).toMatchObject({ code: status.UNAUTHENTICATED })
    expect(await client.infer({ model_name: 'guarded', model_version: 'v1' }, GOOD)).toMatchObject({
      ...{ code: status.OK, message: { model_version: 'v1' } },
    })
    const names = async (options = {}) => (await client.ask('RepositoryIndex', {}, options)).message
    expect(await names()).toMatchObject({ models: [{ name: 'open' }] })
    expect(await names(GOOD)).toMatchObject({ models: [{ name: 'open' }, { name: 'guarded', version: 'v1' }] })
    expect(await client.ask('ModelReady', { name: 'guarded' })).toMatchObject({ code: status.NOT_FOUND })
    expect(
      lines.filter(({ message }) => message === 'request').map(({ fields }) => ({ ...fields })['model']),
    ).toContain('guarded:v1')
  })
})

it('a predictor whose types are no tensors does not start with gRPC', async () => {
  const { logger } = rememberingLogger()
  const signature = { ...SIMPLE, parameters: [{ name: 'request', role: 'request' }] } as const
  const found = serve(Simple, { port: 0, logger, signature, grpcListen: '127.0.0.1:0' })
  await expect(found).rejects.toMatchObject({ code: 'protocol_unfit' })
})

it('a server without the option has no address for it', async () => {
  const { server } = await served(Simple, { signature: SIMPLE })
  expect(server.grpcAddress).toBeUndefined()
})
