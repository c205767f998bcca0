import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { Agent } from 'node:https'
import { join } from 'node:path'
import { connect, type SecureVersion } from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import { bearerAuth } from '../../../src/auth/index.ts'
import { serve } from '../../../src/node/serve.ts'
import type { ServeOptions } from '../../../src/node/serve-options.ts'
import { protect, WITH_CONTEXT } from '../../auth/_fixtures.ts'
import { Echo, eventually, rememberingLogger, served } from '../_served.ts'
import { makeIssuer, writePair } from './_certificates.ts'
import { ask, callPredict } from './_requests.ts'

const authority = await makeIssuer()
const pair = await authority.issue()
/** With its key there are suites without a fresh one for each connection. */
const rsaPair = await authority.issue({ key: 'RSA' })
const ca = authority.cert
const DAY = 86_400_000

/** A handshake: what was agreed, or the code of the failure. */
function handshake(url: string, options: { ciphers?: string; maxVersion?: SecureVersion; minVersion?: SecureVersion }) {
  const { port } = new URL(url)
  return new Promise<string>(resolve => {
    const socket = connect({ host: '127.0.0.1', port: Number(port), ca, ...options }, () => {
      resolve(`${socket.getProtocol()} ${socket.getCipher().standardName}`)
      socket.destroy()
    })
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
  })
}

describe('a server with a certificate', () => {
  it('answers over HTTPS and says so for a year', async () => {
    const { server } = await served(Echo, writePair(pair).files)
    expect(server.url).toMatch(/^https:/)
    const answer = await callPredict(server.url, { ca })
    expect([answer.status, answer.body]).toEqual([200, '{"got":{"a":1}}'])
    expect(answer.headers['strict-transport-security']).toBe('max-age=31536000')
  })

  it.each(['/livez', '/nowhere', '/openapi.json'])('says so on %s too', async path => {
    const { server } = await served(Echo, writePair(pair).files)
    const answer = await ask(`${server.url}${path}`, { ca })
    expect(answer.headers['strict-transport-security']).toBe('max-age=31536000')
  })

  it('says so on what the gate refuses, and nothing of it over plain HTTP', async () => {
    const { server } = await served(Echo, writePair(pair).files)
    const refused = await ask(server.url, { ca, headers: { expect: 'miracles' } })
    expect([refused.status, refused.headers['strict-transport-security']]).toEqual([417, 'max-age=31536000'])
    const { server: plain } = await served()
    expect((await ask(`${plain.url}/livez`)).headers['strict-transport-security']).toBeUndefined()
  })

  it('tells when it expires', async () => {
    const { server } = await served(Echo, writePair(pair).files)
    const days = ((server.certificateExpires?.getTime() ?? 0) - Date.now()) / DAY
    expect(Math.round(days)).toBe(90)
  })

  it.each<SecureVersion>(['TLSv1', 'TLSv1.1'])('refuses %s', async version => {
    const { server } = await served(Echo, writePair(pair).files)
    const legacy = { minVersion: version, maxVersion: version, ciphers: 'ALL:@SECLEVEL=0' }
    expect(await handshake(server.url, legacy)).toMatch(/ALERT_PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL/)
  })

  it.each([
    ['ECDHE-ECDSA-AES128-SHA256', pair],
    ['ECDHE-ECDSA-AES256-SHA', pair],
    ['ECDHE-ECDSA-AES128-CCM8', pair],
    ['ECDHE-RSA-AES128-SHA256', rsaPair],
    ['ECDHE-RSA-AES256-SHA', rsaPair],
    ['AES128-GCM-SHA256', rsaPair],
    ['AES256-SHA', rsaPair],
    ['DHE-RSA-AES256-GCM-SHA384', rsaPair],
  ])('refuses %s', async (ciphers, own) => {
    const { server } = await served(Echo, writePair(own).files)
    const result = await handshake(server.url, { ciphers: `${ciphers}:@SECLEVEL=0`, maxVersion: 'TLSv1.2' })
    expect(result).toMatch(/HANDSHAKE_FAILURE/)
  })

  it.each([
    ['ECDHE-ECDSA-AES128-GCM-SHA256', 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', pair],
    ['ECDHE-ECDSA-AES256-GCM-SHA384', 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', pair],
    ['ECDHE-ECDSA-CHACHA20-POLY1305', 'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256', pair],
    ['ECDHE-RSA-AES128-GCM-SHA256', 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', rsaPair],
  ])('takes %s', async (ciphers, name, own) => {
    const { server } = await served(Echo, writePair(own).files)
    expect(await handshake(server.url, { ciphers, maxVersion: 'TLSv1.2' })).toBe(`TLSv1.2 ${name}`)
  })

  it('prefers TLS 1.3', async () => {
    const { server } = await served(Echo, writePair(pair).files)
    expect(await handshake(server.url, {})).toMatch(/^TLSv1\.3 /)
  })

  it('closes at once, whatever still shakes hands', async () => {
    const { server } = await served(Echo, writePair(pair).files)
    const { connect: connectPlain } = await import('node:net')
    const socket = connectPlain(Number(new URL(server.url).port), '127.0.0.1')
    const closed = new Promise(resolve => socket.once('close', resolve))
    await new Promise(resolve => socket.once('connect', resolve))
    await server.close({ gracePeriod: 0 })
    await closed
  })
})

describe('a server does not start', () => {
  async function refusal(options: ServeOptions, predictor = Echo): Promise<unknown> {
    const { logger } = rememberingLogger()
    return serve(predictor, { port: 0, logger, ...options }).then(
      server => server.close().then(() => 'it started'),
      (error: unknown) => error,
    )
  }
  const invalid = (message: string | RegExp) =>
    expect.objectContaining({ code: 'invalid_tls', message: expect.stringMatching(message) })

  it('with the key of another certificate', async () => {
    const { key } = await authority.issue()
    expect(await refusal(writePair({ ...pair, key }).files)).toEqual(
      invalid(/the key .*key\.pem does not belong to the certificate .*cert\.pem/),
    )
  })

  it('with a certificate that has expired, or is not valid yet', async () => {
    const past = await authority.issue({ from: new Date(Date.now() - 9 * DAY), until: new Date(Date.now() - DAY) })
    expect(await refusal(writePair(past).files)).toEqual(invalid(/cert\.pem has expired: it was valid until 20/))
    const future = await authority.issue({ from: new Date(Date.now() + DAY) })
    expect(await refusal(writePair(future).files)).toEqual(
      invalid(/cert\.pem is not valid yet: it becomes valid on 20/),
    )
  })

  it('with files that are not there, or are something else', async () => {
    const { files, folder } = writePair(pair)
    const gone = join(folder, 'gone.pem')
    expect(await refusal({ ...files, tlsCert: gone })).toEqual(invalid('gone.pem does not exist'))
    expect(await refusal({ ...files, tlsKey: folder })).toEqual(invalid('the key .* is a folder'))
    const other = join(folder, 'other.pem')
    writeFileSync(other, 'hello')
    expect(await refusal({ ...files, tlsCert: other })).toEqual(invalid('other.pem contains no certificate'))
    expect(await refusal({ ...files, tlsKey: other })).toEqual(invalid('other.pem contains no private key'))
    writeFileSync(other, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')
    expect(await refusal({ ...files, tlsCert: other })).toEqual(invalid('contains a certificate that does not parse'))
  })

  it('with a chain whose parts do not belong together', async () => {
    const stranger = await makeIssuer('somebody else')
    expect(await refusal(writePair({ ...pair, cert: pair.cert + stranger.cert }).files)).toEqual(
      invalid(/the chain of .* is broken: certificate 2 did not issue certificate 1/),
    )
    const { server } = await served(Echo, writePair({ ...pair, cert: pair.cert + authority.cert }).files)
    expect((await ask(`${server.url}/livez`, { ca })).status).toBe(200)
  })

  it('with one file of the two', async () => {
    const { tlsCert, tlsKey } = writePair(pair).files
    expect(await refusal({ tlsCert })).toEqual(invalid('--tls-cert is given without the others'))
    expect(await refusal({ tlsKey })).toEqual(invalid('--tls-key is given without the others'))
  })

  const guarded = protect(bearerAuth({ tokens: 'a' })) as typeof Echo

  it('where credentials would cross a network in the clear', async () => {
    expect(await refusal({ host: '0.0.0.0' }, guarded)).toMatchObject({
      code: 'insecure_http',
      message: expect.stringContaining('callers would send their credentials to 0.0.0.0 over plain HTTP'),
    })
  })

  it.each<[string, ServeOptions]>([
    ['on this machine', {}],
    ['with TLS', { host: '0.0.0.0', tlsCert: 'yes' }],
    ['behind a proxy', { host: '0.0.0.0', trustedProxies: ['10.0.0.1'] }],
    ['where it is accepted', { host: '0.0.0.0', insecureHttp: true }],
  ])('and does %s', async (_where, options) => {
    const { tlsCert, tlsKey } = writePair(pair).files
    const { server } = await served(guarded, {
      signature: WITH_CONTEXT,
      ...options,
      ...(options.tlsCert === undefined ? {} : { tlsCert, tlsKey }),
    })
    expect(server.state).toBe('ready')
  })
})

describe('a certificate that is replaced', () => {
  const serialOf = (url: string) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port), ca }, () => {
        resolve(socket.getPeerCertificate().fingerprint256)
        socket.destroy()
      })
      socket.on('error', reject)
    })

  it('is taken up, and not one request fails', { tags: ['slow'] }, async () => {
    const written = writePair(pair)
    const { server, lines } = await served(Echo, written.files)
    const first = await serialOf(server.url)
    let stopped = false
    const answers: number[] = []
    const agent = new Agent({ keepAlive: true, ca })
    onTestFinished(() => agent.destroy())
    const load = Array.from({ length: 16 }, async (_, index) => {
      // New connections, each with a handshake, and some that are kept.
      while (!stopped) answers.push((await callPredict(server.url, index % 2 === 0 ? { ca } : { agent })).status)
    })
    for (let round = 0; round < 3; round += 1) {
      const before = lines.filter(({ message }) => message === 'certificate reloaded').length
      const answered = answers.length
      written.replace(await authority.issue())
      await eventually(() => lines.filter(({ message }) => message === 'certificate reloaded').length > before)
      await eventually(() => answers.length > answered + 100, 20_000)
    }
    stopped = true
    await Promise.all(load)
    expect(await serialOf(server.url)).not.toBe(first)
    expect([...new Set(answers)]).toEqual([200])
  })

  it('is taken up when it is asked for', async () => {
    const written = writePair(pair)
    const { server } = await served(Echo, written.files)
    const first = await serialOf(server.url)
    written.replace(await authority.issue())
    await server.reloadCertificate()
    expect(await serialOf(server.url)).not.toBe(first)
  })

  it('stays while a named pipe stands in the place of its key, and is followed afterwards', async () => {
    const written = writePair(pair)
    const { server, lines } = await served(Echo, written.files)
    const first = await serialOf(server.url)
    rmSync(written.files.tlsKey)
    execFileSync('mkfifo', [written.files.tlsKey])
    await eventually(() => lines.some(({ level }) => level === 'error'))
    expect(lines.find(({ level }) => level === 'error')?.fields['reason']).toMatch(
      /the key .* is a named pipe and not a regular file/,
    )
    expect(await serialOf(server.url)).toBe(first)
    rmSync(written.files.tlsKey)
    written.replace(await authority.issue())
    await expect.poll(() => serialOf(server.url)).not.toBe(first)
  })

  it('stays where the new one cannot be used, and the log says why', async () => {
    const written = writePair(pair)
    const { server, lines } = await served(Echo, written.files)
    const first = await serialOf(server.url)
    written.replace({ cert: pair.cert, key: (await authority.issue()).key })
    await eventually(() => lines.some(({ level }) => level === 'error'))
    expect(lines.filter(({ level }) => level === 'error')).toEqual([
      {
        level: 'error',
        message: 'cannot reload the certificate, still using the previous one',
        fields: expect.objectContaining({ reason: expect.stringContaining('does not belong to the certificate') }),
      },
    ])
    expect(await serialOf(server.url)).toBe(first)
    written.replace(await authority.issue())
    await eventually(() => lines.some(({ message }) => message === 'certificate reloaded'))
    expect(await serialOf(server.url)).not.toBe(first)
  })

  it('is warned about thirty days before its end', async () => {
    const soon = await authority.issue({ until: new Date(Date.now() + 29.5 * DAY) })
    const { lines } = await served(Echo, writePair(soon).files)
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 'warn', message: 'the certificate expires in 29 days' }),
    )
    const { lines: calm } = await served(Echo, writePair(pair).files)
    expect(calm.filter(({ message }) => message.includes('expires'))).toEqual([])
  })
})
