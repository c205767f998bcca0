import { deepStrictEqual, doesNotMatch, match, ok } from 'node:assert/strict'
import { request } from 'node:http'
import { gzipSync } from 'node:zlib'
import { predictor, withServer } from '../open.js'

export const name = 'served to this machine alone, small, under a strict policy; elsewhere the 404 of an unknown path'

/** The largest that the page may be on the wire. */
const MOST = 40 * 1024

/** As a socket sends it, since fetch chooses Host itself. */
function ask(port, { path = '/', method = 'GET', headers = {} } = {}) {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers }, answer => {
      const parts = []
      answer.on('data', part => parts.push(part))
      answer.on('end', () =>
        resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) }),
      )
    })
    asked.on('error', reject).end()
  })
}

export async function check() {
  await withServer(predictor('passage'), {}, async ({ port }) => {
    await checkPage(port)
    for (const headers of [{ 'X-Forwarded-For': '192.0.2.1' }, { Via: '1.1 proxy' }]) await checkHidden(port, headers)
    await checkHidden(port, { Host: 'evil.example' })
    await checkCompression(port)
  })
  await withServer(predictor('passage'), { words: ['--page', 'off'] }, ({ port }) => checkHidden(port))
  await withServer(predictor('passage'), { words: ['--host', '0.0.0.0'] }, ({ port }) => checkHidden(port))
  await withServer(predictor('passage'), { words: ['--host', '0.0.0.0', '--page', 'open'] }, async ({ port }) => {
    deepStrictEqual((await ask(port)).status, 200)
  })
}

async function checkPage(port) {
  const { status, headers, body } = await ask(port, { headers: { 'Accept-Encoding': 'br, gzip' } })
  deepStrictEqual(
    [status, headers['content-type'], headers['content-encoding']],
    [200, 'text/html; charset=utf-8', 'gzip'],
  )
  ok(body.length <= MOST, `${body.length} bytes`)
  const policy = headers['content-security-policy']
  match(
    policy,
    /^default-src 'none'; script-src 'sha256-[\w+/]{43}='; style-src 'sha256-[\w+/]{43}='; connect-src 'self'; /,
  )
  match(policy, /frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'$/)
  doesNotMatch(policy, /unsafe/)
  const plain = await ask(port)
  ok(gzipSync(plain.body, { level: 9 }).length <= MOST)
  const head = await ask(port, { method: 'HEAD' })
  deepStrictEqual([head.status, head.headers.etag, head.body.length], [200, headers.etag, 0])
  const again = await ask(port, { headers: { 'If-None-Match': headers.etag } })
  deepStrictEqual([again.status, again.body.length], [304, 0])
}

/** The answer is that of a path that does not exist, byte for byte but for the request id. */
async function checkHidden(port, headers = {}) {
  const [page, unknown] = await Promise.all(['/', '/nowhere'].map(path => ask(port, { path, headers })))
  deepStrictEqual(page.status, 404)
  deepStrictEqual(withoutId(page), withoutId(unknown))
}

function withoutId({ status, headers, body }) {
  const { 'x-request-id': id, date: _date, ...rest } = headers
  return { status, headers: rest, body: body.toString().replace(id, 'ID') }
}

async function checkCompression(port) {
  for (const path of ['/openapi.json', '/metrics']) {
    const plain = await ask(port, { path })
    const small = await ask(port, { path, headers: { 'Accept-Encoding': 'gzip' } })
    deepStrictEqual([plain.headers['content-encoding'], small.headers['content-encoding']], [undefined, 'gzip'])
    deepStrictEqual([plain.headers.vary, small.headers.vary], ['Accept-Encoding', 'Accept-Encoding'])
    ok(small.body.length < plain.body.length / 3, `${path}: ${small.body.length} of ${plain.body.length} bytes`)
    const refused = await ask(port, { path, headers: { 'Accept-Encoding': 'gzip;q=0, *' } })
    deepStrictEqual(refused.headers['content-encoding'], undefined)
  }
}
