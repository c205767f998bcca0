import { X509Certificate } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runIncant, serveFile } from '../incant-process.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const PREDICTOR = `
import { BasePredictor } from 'incant'
import { mutualTlsAuth, privateNetwork } from 'incant/auth'

@privateNetwork({ allow: ['127.0.0.1'] })
@mutualTlsAuth({ subjects: ['billing'] })
export default class Predictor extends BasePredictor {
  predict(payload: { n: number }) { return payload.n + 1 }
}
`

function call(url: string, folder: string): Promise<string> {
  const read = (name: string) => readFileSync(join(folder, 'certificates', name))
  const options = { ca: read('ca.pem'), cert: read('client.pem'), key: read('client-key.pem') }
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' }
    const outgoing = request(`${url}/predict`, { ...options, method: 'POST', headers, agent: false }, incoming => {
      let text = String(incoming.statusCode)
      incoming.on('data', chunk => {
        text += ` ${chunk}`
      })
      incoming.on('end', () => resolve(text))
    })
    outgoing.on('error', reject).end('{"n":1}')
  })
}

describe('incant cert dev', () => {
  it('makes what a private server with mutual TLS needs; SIGHUP takes up new ones', async () => {
    const folder = temporaryFolder({ 'predictor.ts': PREDICTOR })
    const made = await runIncant(['cert', 'dev', '--client', 'billing'], { cwd: folder })
    expect([made.code, made.stderr]).toEqual([0, ''])
    expect(statSync(join(folder, 'certificates/key.pem')).mode & 0o777).toBe(0o600)
    const files = ['--tls-cert', 'certificates/cert.pem', '--tls-key', 'certificates/key.pem']
    const server = serveFile(['predictor.ts', ...files, '--client-ca', 'certificates/ca.pem'], { cwd: folder })
    const { url } = await server.ready()
    expect(url).toMatch(/^https:/)
    expect(await call(url, folder)).toBe('200 2')
    server.kill('SIGHUP')
    expect(await call(url, folder)).toBe('200 2')
    server.kill('SIGTERM')
    expect((await server.ended).code).toBe(0)
  })

  it('names what it is told to, for as long', async () => {
    const folder = temporaryFolder({})
    const words = ['cert', 'dev', '--name', 'model.internal', '--name', '10.0.0.5', '--expires', '2d', '--out', 'here']
    expect((await runIncant(words, { cwd: folder })).code).toBe(0)
    const certificate = new X509Certificate(readFileSync(join(folder, 'here/cert.pem')))
    expect(certificate.subjectAltName).toBe('DNS:model.internal, IP Address:10.0.0.5')
    expect(Math.round((Date.parse(certificate.validTo) - Date.now()) / 3_600_000)).toBe(48)
  })

  it.each([
    [['cert', 'make'], 'incant cert has one action, dev'],
    [['cert', 'dev', '--name', 'https://a'], '--name is "https://a"'],
    [['cert', 'dev', '--nam', 'a'], 'incant cert dev has no option --nam'],
  ])('refuses %j', async (words, message) => {
    const { code, stderr } = await runIncant(words, { cwd: temporaryFolder({}) })
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)])
  })

  it('writes over nothing', async () => {
    const folder = temporaryFolder({})
    expect((await runIncant(['cert', 'dev', '--out', '.'], { cwd: folder })).code).toBe(0)
    const { code, stderr } = await runIncant(['cert', 'dev', '--out', '.'], { cwd: folder })
    expect([code, stderr]).toEqual([1, expect.stringContaining('ca.pem is there already')])
  })
})

describe('a private server does not start', () => {
  const line = async (words: readonly string[], folder: string) => {
    const start = ['predictor.ts', '--visibility', 'private', '--allow', '127.0.0.1', ...words]
    const { code, stderr } = await serveFile(start, { cwd: folder }).ended
    return [code, stderr.split('\n')[0]]
  }

  it('without a certificate, or with files that do not do', { timeout: 60_000 }, async () => {
    const plain = PREDICTOR.replace(/@.*\n/g, '').replace(/import \{ mutual.*\n/, '')
    const folder = temporaryFolder({ 'predictor.ts': plain })
    await runIncant(['cert', 'dev', '--out', 'one'], { cwd: folder })
    await runIncant(['cert', 'dev', '--out', 'other'], { cwd: folder })
    writeFileSync(join(folder, 'not.pem'), 'x')
    expect(await line([], folder)).toEqual([1, 'incant: a private server needs a certificate and its key'])
    const mismatched = ['--tls-cert', 'one/cert.pem', '--tls-key', 'other/key.pem']
    expect(await line(mismatched, folder)).toEqual([1, expect.stringMatching(/^incant: the key .* is not that of the/)])
    const missing = ['--tls-cert', 'one/cert.pem', '--tls-key', 'no.pem']
    expect(await line(missing, folder)).toEqual([
      1,
      expect.stringMatching(/^incant: the key .*no\.pem does not exist$/),
    ])
    const nonsense = ['--tls-cert', 'not.pem', '--tls-key', 'one/key.pem']
    expect(await line(nonsense, folder)).toEqual([1, expect.stringMatching(/not\.pem holds no certificate$/)])
  })
})
