// Serves privately, and calls from inside and outside: node examples/private-server/check.js
// Loopback has many addresses on Linux; where there is one alone, nobody is outside, and that part is left out.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, renameSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findFreePort, runIncant, withServer } from '../serving.js'

const OUTSIDE = process.platform === 'linux' ? ['--interface', '127.0.0.9'] : undefined
const JSON_BODY = ['-H', 'Content-Type: application/json', '-d', '{"text":"hello"}']

const folder = mkdtempSync(join(tmpdir(), 'incant-private-server-'))
const path = name => join(folder, 'certificates', name)
try {
  await runIncant('cert', 'dev', '--out', join(folder, 'certificates'))
  const tls = ['--tls-cert', path('cert.pem'), '--tls-key', path('key.pem')]
  await checkFlag(tls)
  await checkDecorator(tls)
  await checkBoth(tls)
} finally {
  rmSync(folder, { recursive: true })
}
console.log('private-server: right')

/** One flag: outsiders learn nothing, and a replaced certificate is used at once. */
async function checkFlag(tls) {
  const ca = await readFile(path('ca.pem'), 'utf8')
  const words = ['--visibility', 'private', '--allow', '127.0.0.1', ...tls]
  await withServer(
    new URL('predictor.ts', import.meta.url),
    async url => {
      const answer = await curl(`${url}/predict`, ...JSON_BODY)
      assert.deepEqual([answer.status, answer.body], [200, { length: 5, calledFrom: '127.0.0.1' }])
      await expectNothing(`${url}/predict`, ...JSON_BODY, '-H', 'Host: evil.example')
      if (OUTSIDE !== undefined) {
        await expectNothing(`${url}/predict`, ...JSON_BODY, ...OUTSIDE)
        await expectNothing(`${url}/health`, ...OUTSIDE, '-H', 'X-Forwarded-For: 127.0.0.1')
      }
      await renew()
      await until(async () => (await curl(`${url}/health`).catch(() => undefined))?.status === 200)
    },
    { words, ca },
  )
}

/** The decorator says the same; callers inside still need a token. */
async function checkDecorator(tls) {
  const ca = await readFile(path('ca.pem'), 'utf8')
  await withServer(
    new URL('decorated.ts', import.meta.url),
    async url => {
      assert.equal((await curl(`${url}/predict`, ...JSON_BODY)).status, 401)
      const token = ['-H', 'Authorization: Bearer example-token']
      assert.equal((await curl(`${url}/predict`, ...JSON_BODY, ...token)).status, 200)
      if (OUTSIDE !== undefined) await expectNothing(`${url}/predict`, ...JSON_BODY, ...token, ...OUTSIDE)
    },
    { words: tls, ca },
  )
}

/** Predict for everybody at one address, all the rest for insiders at another, in one process. */
async function checkBoth(tls) {
  const ca = await readFile(path('ca.pem'), 'utf8')
  const open = `127.0.0.1:${await findFreePort()}`
  await withServer(
    new URL('predictor.ts', import.meta.url),
    async url => {
      assert.equal((await curl(`${url}/health`)).status, 200)
      if (OUTSIDE !== undefined) await expectNothing(`${url}/health`, ...OUTSIDE)
      const everybody = OUTSIDE ?? []
      assert.equal((await curl(`https://${open}/predict`, ...JSON_BODY, ...everybody)).status, 200)
      await expectNothing(`https://${open}/health`, ...everybody)
    },
    { words: ['--public', open, '--allow', '127.0.0.1', ...tls], ca },
  )
}

/** Other certificates in the place of those that are served, as a tool that renews them writes them. */
async function renew() {
  await runIncant('cert', 'dev', '--out', join(folder, 'renewed'))
  for (const name of ['ca.pem', 'cert.pem', 'key.pem']) renameSync(join(folder, 'renewed', name), path(name))
}

async function expectNothing(...words) {
  const { status, body } = await curl(...words)
  assert.deepEqual([status, body.code], [404, 'not_found'])
}

/** Waits until a condition holds, as long as that may take on a busy machine. */
async function until(condition) {
  const end = Date.now() + 30_000
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`not within 30 s: ${condition}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

async function curl(...words) {
  const all = [
    '--silent',
    '--show-error',
    '--max-time',
    '20',
    '--cacert',
    path('ca.pem'),
    '--write-out',
    '\n%{http_code}',
    ...words,
  ]
  const { stdout } = await promisify(execFile)('curl', all)
  const [, body, status] = /^([\s\S]*)\n(\d+)$/.exec(stdout)
  return { status: Number(status), body: JSON.parse(body) }
}
