import { execFile, spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { chmodSync, readFileSync, statSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { promisify } from 'node:util'
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
  it('makes what a private server with mutual TLS needs; SIGHUP takes up new ones', { tags: ['slow'] }, async () => {
    const folder = temporaryFolder({ 'predictor.ts': PREDICTOR })
    const made = await runIncant(['cert', 'dev', '--client', 'billing'], { cwd: folder })
    expect([made.code, made.stderr]).toEqual([0, ''])
    expect(statSync(join(folder, 'certificates/key.pem')).mode & 0o777).toBe(0o600)
    const files = ['--tls-cert', 'certificates/cert.pem', '--tls-key', 'certificates/key.pem']
    const server = serveFile(['predictor.ts', ...files, '--client-ca', 'certificates/ca.pem'], { cwd: folder })
    const { url, curl } = await server.ready()
    expect(url).toMatch(/^https:/)
    expect(await call(url, folder)).toBe('200 2')
    // What is printed works when it is pasted: whom to trust, and who asks.
    const { stdout } = await promisify(execFile)('sh', ['-c', `${curl} -sS --fail-with-body`], { cwd: folder })
    expect(stdout).toBe('2')
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
  ])('refuses %j', { tags: ['slow'] }, async (words, message) => {
    const { code, stderr } = await runIncant(words, { cwd: temporaryFolder({}) })
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)])
  })

  it('writes over nothing', { tags: ['slow'] }, async () => {
    const folder = temporaryFolder({})
    expect((await runIncant(['cert', 'dev', '--out', '.'], { cwd: folder })).code).toBe(0)
    const { code, stderr } = await runIncant(['cert', 'dev', '--out', '.'], { cwd: folder })
    expect([code, stderr]).toEqual([1, expect.stringContaining('ca.pem already exists')])
  })
})

describe('a private server does not start', { tags: ['slow'] }, () => {
  const PLAIN = PREDICTOR.replace(/@.*\n/g, '').replace(/import \{ mutual.*\n/, '')

  /** What is printed, all of it: what is wrong, and below it what to write. */
  const refusal = async (words: readonly string[], folder: string, through: readonly string[] = []) => {
    const start = ['predictor.ts', '--visibility', 'private', '--allow', '127.0.0.1', ...words]
    const { code, stdout, stderr } = await serveFile(start, { cwd: folder, through }).ended
    return { code, stderr, errors: stdout.split('\n').filter(line => line.includes('"level":"error"')) }
  }
  const pair = (cert: string, key: string) => ['--tls-cert', cert, '--tls-key', key]
  const told = (found: string) => ({
    code: 1,
    stderr: expect.stringMatching(new RegExp(`^error\\[\\w+\\]: ${found}\\n {2}fix: [A-Z].*\\n {2}docs: .*\\n$`)),
    errors: [],
  })

  it('without a certificate, or with files that do not do', { timeout: 60_000 }, async () => {
    const folder = temporaryFolder({ 'predictor.ts': PLAIN, 'not.pem': 'x' })
    const make = (name: string, expires: string) =>
      runIncant(['cert', 'dev', '--expires', expires, '--out', name], { cwd: folder })
    await Promise.all([make('one', '1d'), make('other', '1d'), make('past', '1s')])
    const past = new X509Certificate(readFileSync(join(folder, 'past/cert.pem')))
    await expect.poll(() => Date.now() > Date.parse(past.validTo), { timeout: 5000 }).toBe(true)
    const cases: readonly (readonly [words: readonly string[], found: string])[] = [
      [[], 'a private server needs a certificate and its key'],
      [['--tls-cert', 'one/cert.pem'], '--tls-cert is given without the others'],
      [pair('one/cert.pem', 'other/key.pem'), 'the key \\S+other/key\\.pem does not belong to the .*'],
      [pair('one/cert.pem', 'no.pem'), 'the key \\S+no\\.pem does not exist'],
      [pair('not.pem', 'one/key.pem'), '\\S+not\\.pem contains no certificate'],
      [pair('past/cert.pem', 'past/key.pem'), '\\S+cert\\.pem has expired: it was valid .*Z'],
    ]
    const refusals = await Promise.all(cases.map(([words]) => refusal(words, folder)))
    expect(refusals).toEqual(cases.map(([, found]) => told(found)))
  })

  // Nothing is hidden from root, so that another user has to look.
  const nobody = process.getuid?.() === 0 ? ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'] : []

  it.skipIf(!canRun(nobody))('with a key that this user may not read', { timeout: 60_000 }, async () => {
    const folder = temporaryFolder({ 'predictor.ts': PLAIN })
    await runIncant(['cert', 'dev', '--out', '.'], { cwd: folder })
    chmodSync(folder, 0o755)
    chmodSync(join(folder, 'key.pem'), process.getuid?.() === 0 ? 0o600 : 0)
    expect(await refusal(pair('cert.pem', 'key.pem'), folder, nobody)).toEqual(
      told('the key \\S+key\\.pem cannot be read by this user'),
    )
  })
})

/** Whether another user may read the checkout at all. */
function canRun([program = process.execPath, ...words]: readonly string[]): boolean {
  const read = `require('node:fs').readdirSync(${JSON.stringify(import.meta.dirname)})`
  const all = program === process.execPath ? ['-e', read] : [...words, process.execPath, '-e', read]
  return spawnSync(program, all).status === 0
}
