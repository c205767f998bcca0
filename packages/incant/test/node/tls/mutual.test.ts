import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ConnectionOptions, connect } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { anyOf, bearerAuth, type MutualTLSAuthOptions, mutualTlsAuth } from '../../../src/auth/index.ts'
import { serve } from '../../../src/node/serve.ts'
import { outcome, protect, serveClass, startWith, WITH_CONTEXT } from '../../auth/_fixtures.ts'
import { rememberingLogger, served } from '../_served.ts'
import { fingerprintOf, makeIssuer, type Pair, writePair } from './_certificates.ts'
import { callPredict } from './_requests.ts'

const authority = await makeIssuer()
const clients = await makeIssuer('issuer of callers')
const pair = await authority.issue()
const uri = 'spiffe://example.org/reports'
const billing = await clients.issue({ commonName: 'billing', names: ['billing.internal'], uris: [uri] })

async function serveMutual(options: MutualTLSAuthOptions) {
  const { files, folder } = writePair(pair)
  const clientCa = join(folder, 'ca.pem')
  writeFileSync(clientCa, clients.cert)
  const { server, lines } = await served(protect(mutualTlsAuth(options)), {
    ...files,
    clientCa,
    signature: WITH_CONTEXT,
  })
  const call = ({ cert, key }: Partial<Pair> = {}) => callPredict(server.url, { ca: authority.cert, cert, key })
  return { call, lines }
}

/** One call over a connection: its session, and whether it went on with one of before. */
function visit(options: ConnectionOptions): Promise<{ session?: Buffer; reused: boolean; status: string }> {
  return new Promise(resolve => {
    let reused = false
    const socket = connect(options, () => {
      reused = socket.isSessionReused()
      socket.write('POST /predict HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}')
    })
    let received = ''
    let session: Buffer | undefined
    socket.on('session', (latest: Buffer) => {
      session = latest
    })
    socket.on('data', chunk => {
      received += chunk
    })
    // A refusal is a connection without an answer.
    socket.on('error', () => {})
    socket.on('close', () => {
      const status = received.split(' ', 2)[1] ?? ''
      resolve({ ...(session === undefined ? {} : { session }), reused, status })
    })
  })
}

describe('@mutualTlsAuth', () => {
  it.each<[string, MutualTLSAuthOptions, string]>([
    ['a common name', { subjects: ['billing'] }, 'CN=billing'],
    ['a name of DNS', { subjects: ['DNS:billing.internal'] }, 'DNS:billing.internal'],
    ['a URI', { subjects: [`URI:${uri}`] }, `URI:${uri}`],
    ['a fingerprint', { fingerprints: [fingerprintOf(billing)] }, 'CN=billing'],
    ['a fingerprint without colons', { fingerprints: [fingerprintOf(billing).replaceAll(':', '')] }, 'CN=billing'],
  ])('knows a caller by %s', async (_what, options, id) => {
    const { call, lines } = await serveMutual(options)
    const { status, body } = await call(billing)
    expect([status, JSON.parse(body).principal]).toEqual([200, { id }])
    expect(lines.find(({ message }) => message === 'request')?.fields['principal']).toBe(id)
  })

  it.each<[string, MutualTLSAuthOptions]>([
    ['another subject', { subjects: ['reports', 'DNS:billing', 'CN=billing.internal'] }],
    ['another certificate', { fingerprints: [fingerprintOf(pair)] }],
  ])('refuses %s', async (_what, options) => {
    const { call } = await serveMutual(options)
    const { status, body, headers } = await call(billing)
    expect([status, JSON.parse(body).code]).toEqual([401, 'invalid_credentials'])
    expect(headers['www-authenticate']).toBe('ClientCertificate realm="predict"')
  })

  it('lets nobody as far as HTTP who has no certificate, or one of another issuer', async () => {
    const { call } = await serveMutual({ subjects: ['billing'] })
    await expect(call()).rejects.toThrow(/alert|ECONNRESET|hang up/i)
    const forged = await authority.issue({ commonName: 'billing' })
    await expect(call(forged)).rejects.toThrow(/alert|ECONNRESET|hang up/i)
    const expired = await clients.issue({ commonName: 'billing', from: new Date(0), until: new Date(1e12) })
    await expect(call(expired)).rejects.toThrow(/alert|ECONNRESET|hang up/i)
  })

  it('lets nobody in by a session of before, once the issuers are others', async () => {
    const { files, folder } = writePair(pair)
    const clientCa = join(folder, 'ca.pem')
    writeFileSync(clientCa, clients.cert)
    const predictor = protect(mutualTlsAuth({ subjects: ['billing'] }))
    const { server } = await served(predictor, { ...files, clientCa, signature: WITH_CONTEXT })
    const port = Number(new URL(server.url).port)
    const own = { host: '127.0.0.1', port, ca: authority.cert, ...billing }
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      writeFileSync(clientCa, clients.cert)
      await server.reloadCertificate()
      const { session } = await visit({ ...own, maxVersion })
      expect(await visit({ ...own, maxVersion, session })).toMatchObject({ reused: true, status: '200' })
      writeFileSync(clientCa, (await makeIssuer('issuer of others')).cert)
      await server.reloadCertificate()
      expect(await visit({ ...own, maxVersion, session })).toMatchObject({ status: '' })
    }
  })

  it('lets nobody in where there is no connection, whatever a header says', async () => {
    const { app } = await serveClass(protect(mutualTlsAuth({ subjects: ['billing'] })))
    const headers = { 'x-ssl-client-cert': billing.cert.replaceAll('\n', ' '), 'x-client-cn': 'billing' }
    expect(await outcome(app.request('/predict', { method: 'POST', headers, body: '{}' }))).toBe(
      '401 unauthorized ClientCertificate realm="predict"',
    )
  })

  it('stands beside others', async () => {
    const { app } = await serveClass(
      protect(anyOf(mutualTlsAuth({ subjects: ['b'] }), bearerAuth({ tokens: 'token' }))),
    )
    const call = { method: 'POST', headers: { authorization: 'Bearer token' }, body: '{}' }
    expect((await app.request('/predict', call)).status).toBe(200)
  })

  it.each<[string, MutualTLSAuthOptions, string]>([
    ['nobody', {}, 'it names no caller'],
    ['an empty subject', { subjects: [' '] }, 'a subject is empty'],
    ['a fingerprint of another kind', { fingerprints: ['ab:cd'] }, 'a fingerprint is not the SHA-256'],
  ])('does not start with %s', (_what, options, found) => {
    expect(startWith(mutualTlsAuth(options))).toMatchObject({
      code: 'invalid_auth',
      message: expect.stringContaining(`@mutualTlsAuth on Predictor: ${found}`),
    })
  })

  it('does not start without issuers', async () => {
    const predictor = protect(mutualTlsAuth({ subjects: ['billing'] }))
    const { files } = writePair(pair)
    await expect(serve(predictor, { port: 0, logger: rememberingLogger().logger, ...files })).rejects.toMatchObject({
      code: 'invalid_tls',
      message: expect.stringContaining(
        '@mutualTlsAuth requires client certificates, but no certificate authority is set',
      ),
    })
  })
})
