import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { makeIssuer, type Pair } from '../../packages/incant/test/node/tls/_certificates.ts'
import { addressOf, apply, incantOK, kubectl, makeNamespace, run, runInPod } from './_cluster.ts'
import { IMAGES } from './_images.ts'

const SMALL = ['--cpu-request', '100m', '--ram-request', '256Mi'] as const
/** What callers of the node have as their address. */
const NODE = '10.244.0.1'
const HELLO = { text: 'hello' }

test('a private server is ready, and a 404 to outsiders, beside a public one', async () => {
  const namespace = await makeNamespace()
  const at = ['--namespace', namespace] as const
  const authority = await makeIssuer()
  const [first, next] = [await authority.issue({ names: ['inside'] }), await authority.issue({ names: ['inside'] })]
  await putCertificate(namespace, first)
  const isPrivate = ['--visibility', 'private', '--allow-from', NODE, '--tls-secret', 'certificate']
  await incantOK('deploy', 'inside', '--image', IMAGES.one, ...isPrivate, ...SMALL, ...at)
  await incantOK('deploy', 'open', '--image', IMAGES.two, ...SMALL, ...at)

  const [inside, open] = [await podAddress(namespace, 'inside'), await addressOf(namespace, 'open')]
  const fromOutside = async (url: string) => JSON.parse(await runInPod(namespace, 'open', callOf(url)))
  const fromNode = async (url: string) => JSON.parse((await run(process.execPath, scriptOf(callOf(url)))).stdout)
  for (const path of ['/predict', '/health', '/ready', '/openapi.json', '/'])
    expect(await fromOutside(`https://${inside}:8000${path}`), path).toMatchObject({ status: 404 })
  expect(await fromOutside(`http://${open}/predict`)).toMatchObject({ status: 200 })
  expect(await fromNode(`https://${inside}:8000/predict`)).toMatchObject({ status: 200, certificate: print(first) })

  // A renewed certificate reaches the server without a restart.
  await putCertificate(namespace, next)
  await expect
    .poll(() => fromNode(`https://${inside}:8000/predict`))
    .toMatchObject({ status: 200, certificate: print(next) })
  const state = JSON.parse(await incantOK('server', 'status', 'inside', '--json', ...at))
  expect(state).toMatchObject({ state: 'ready', pods: [{ restarts: 0 }] })
})

test('tokens are rotated by a changed Secret, without a restart', async () => {
  const namespace = await makeNamespace()
  const at = ['--namespace', namespace] as const
  const [old, renewed] = [await makeToken('old'), await makeToken('renewed')]
  await putTokens(namespace, old.store)
  const secret = ['--secret-files', 'word-tokens=/secrets']
  await incantOK('deploy', 'words', '--image', IMAGES.secured, ...secret, ...SMALL, ...at)
  const url = `http://${await addressOf(namespace, 'words')}/predict`
  const statusWith = async (token: string) =>
    JSON.parse((await run(process.execPath, scriptOf(callOf(url, token)))).stdout).status
  expect([await statusWith(old.token), await statusWith(renewed.token)]).toEqual([200, 401])

  await putTokens(namespace, renewed.store)
  await expect.poll(async () => [await statusWith(old.token), await statusWith(renewed.token)]).toEqual([401, 200])
  const state = JSON.parse(await incantOK('server', 'status', 'words', '--json', ...at))
  expect(state).toMatchObject({ state: 'ready', pods: [{ restarts: 0 }] })
})

async function putCertificate(namespace: string, { cert, key }: Pair): Promise<void> {
  const metadata = { name: 'certificate', namespace }
  const stringData = { 'tls.crt': cert, 'tls.key': key }
  await apply({ apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/tls', metadata, stringData })
}

async function putTokens(namespace: string, store: string): Promise<void> {
  const metadata = { name: 'word-tokens', namespace }
  await apply({ apiVersion: 'v1', kind: 'Secret', metadata, stringData: { 'tokens.json': store } })
}

/** A token, and a store that has no other. */
async function makeToken(name: string): Promise<{ readonly token: string; readonly store: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'incant-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'tokens.json')
  const token = await incantOK('token', 'create', '--store', path, '--name', name)
  return { token: token.trim(), store: readFileSync(path, 'utf8') }
}

function print({ cert }: Pair): string {
  return new X509Certificate(cert).fingerprint256
}

async function podAddress(namespace: string, server: string): Promise<string> {
  const words = ['get', 'pods', '--namespace', namespace, '--selector', `app.kubernetes.io/name=${server}`]
  return kubectl(...words, '--output', 'jsonpath={.items[0].status.podIP}')
}

function scriptOf(script: string): readonly string[] {
  return ['--input-type=module', '--eval', script]
}

/** A script that calls a server, and prints the status and the certificate that it saw. */
function callOf(url: string, token?: string): string {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
  // By its name, as callers call it: a private server is a 404 under any other.
  const headers = { host: 'inside', 'content-type': 'application/json', ...authorization }
  return `import { request } from 'node:${url.split(':')[0]}'
const sent = request('${url}', { method: 'POST', rejectUnauthorized: false, headers: ${JSON.stringify(headers)} }, answer => {
  const certificate = answer.socket.getPeerX509Certificate?.()?.fingerprint256
  console.log(JSON.stringify({ status: answer.statusCode, certificate }))
  answer.resume()
})
sent.end('${JSON.stringify(HELLO)}')`
}
