import { spawn } from 'node:child_process'
import { json } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { runIncant, startIncant } from '../../packages/cli/test/incant-process.ts'
import { temporaryFolder } from '../../packages/cli/test/temporary-folder.ts'
import { ADDRESSES, makeNetwork, type Network, type Place, refusalOfMachine } from './_namespaces.ts'
import { request, TRICKS } from './_tricks.ts'

const CALLER = fileURLToPath(new URL('caller.js', import.meta.url))
const PORT = 8443

const PREDICTOR = `import { BasePredictor, type PredictContext } from 'incant'
import { bearerAuth } from 'incant/auth'

@bearerAuth({ tokens: 'good-token' })
export default class Predictor extends BasePredictor {
  predict(_payload: { n: number }, context: PredictContext) { return { client: context.client.address } }
}
`

const { inside, outside, forged } = ADDRESSES

interface Call {
  readonly host: string
  readonly bytes: string
  readonly localAddress?: string
}

interface Answer {
  readonly text?: string
  readonly error?: string
}

/** Serves privately in the place of the server, on all its addresses. */
async function servePrivately({ enter }: Network): Promise<void> {
  const cwd = temporaryFolder({ 'predictor.ts': PREDICTOR })
  await runIncant(['cert', 'dev', '--name', 'model.internal', '--out', '.'], { cwd })
  const words = ['serve', 'predictor.ts', '--host', '::', '--port', String(PORT), '--visibility', 'private']
  const network = ['--allow', '10.81.0.0/24', '--allow', 'fd81::/64', '--trusted-proxy', inside.proxy]
  const tls = ['--tls-cert', 'cert.pem', '--tls-key', 'key.pem']
  await startIncant([...words, ...network, ...tls], { cwd, through: enter('server') }).ready()
}

async function call({ enter }: Network, place: Place, calls: readonly Call[]): Promise<readonly Answer[]> {
  const [program = '', ...words] = [...enter(place), process.execPath, CALLER]
  const caller = spawn(program, words, { stdio: ['pipe', 'pipe', 'inherit'] })
  caller.stdin.end(JSON.stringify(calls.map(each => ({ ...each, port: PORT }))))
  // What caller.js writes.
  return (await json(caller.stdout)) as readonly Answer[]
}

/** All the bytes, but those that differ between two equal requests. */
function comparable({ text = '', error }: Answer): string {
  if (error !== undefined) return `error ${error}`
  return text.replace(/^Date: .*$/gm, 'Date: …').replace(/^X-Request-Id: \S+|"requestId":"[^"]+"/gim, 'request id')
}

function statusOf({ text = '', error }: Answer): string {
  return error ?? text.split(' ', 2)[1] ?? ''
}

const predict = (headers: readonly string[]) =>
  request('POST /predict', [...headers, 'Content-Type: application/json', 'Content-Length: 7'], '{"n":1}')

const refusal = refusalOfMachine()
if (refusal !== undefined)
  console.warn(`The test with network namespaces is skipped, as this machine refuses: ${refusal}`)

describe.skipIf(refusal !== undefined)('in a network of three machines', () => {
  it('insiders are answered, and outsiders get one 404, whatever they send and to which address', async () => {
    const network = await makeNetwork()
    await servePrivately(network)
    const [get = {}, head = {}, old = {}] = await call(network, 'insider', [
      { host: inside.server, bytes: request('GET /unknown') },
      { host: inside.server, bytes: request('HEAD /unknown') },
      { host: inside.server, bytes: 'GET /unknown HTTP/1.0\r\n\r\n' },
    ])
    expect(comparable(get)).toMatch(/^HTTP\/1\.1 404 Not Found\r\n[\s\S]*"code":"not_found"/)

    const tricks = [
      ...TRICKS.map(bytes => ({ bytes, expected: get })),
      { bytes: request('HEAD /health'), expected: head },
      { bytes: 'GET /health HTTP/1.0\r\n\r\n', expected: old },
      { bytes: 'GET /health\r\n\r\n', expected: old },
    ].flatMap(trick => [outside.server, outside.server6].map(host => ({ ...trick, host })))
    // The address of the inside is the server's, too, wherever a packet comes in.
    const around = [inside.server, inside.server6].map(host => ({ host, bytes: request('GET /health'), expected: get }))
    const tried = [...tricks, ...around]
    const answers = await call(network, 'outsider', tried)
    expect(answers.length).toBe(tried.length)
    for (const [index, { bytes, host, expected }] of tried.entries()) {
      expect(comparable(answers[index] ?? {}), `${host} ${JSON.stringify(bytes)}`).toBe(comparable(expected))
    }
    const [own = {}] = await call(network, 'outsider', [
      { host: inside.server, bytes: request('GET /health'), localAddress: forged },
    ])
    expect(own).toEqual({ error: 'no connection' })
  })

  it('insiders go on to the other strategies, and are who they are', async () => {
    const network = await makeNetwork()
    await servePrivately(network)
    const token = 'Authorization: Bearer good-token'
    const answers = await call(network, 'insider', [
      { host: inside.server, bytes: request('GET /health') },
      {
        host: inside.server6,
        bytes: request('GET /health').replace(`Host: ${inside.server}`, `Host: [${inside.server6}]`),
      },
      { host: inside.server, bytes: request('GET /health').replace(`Host: ${inside.server}`, 'Host: model.internal') },
      { host: inside.server, bytes: request('GET /health').replace(`Host: ${inside.server}`, 'Host: evil.example') },
      { host: inside.server, bytes: predict([]), localAddress: inside.insider },
      { host: inside.server, bytes: predict([token]), localAddress: inside.insider },
      { host: inside.server, bytes: predict([token, `X-Forwarded-For: 10.81.0.9`]), localAddress: inside.insider },
      {
        host: inside.server,
        bytes: predict([token, 'X-Forwarded-For: 192.0.2.1, 10.81.0.9']),
        localAddress: inside.proxy,
      },
      {
        host: inside.server,
        bytes: predict([token, `X-Forwarded-For: ${outside.outsider}`]),
        localAddress: inside.proxy,
      },
      { host: inside.server, bytes: predict([token]), localAddress: inside.proxy },
    ])
    expect(answers.map(statusOf)).toEqual(['200', '200', '200', '404', '401', '200', '200', '200', '404', '404'])
    const clients = answers.map(({ text = '' }) => /"client":"([^"]+)"/.exec(text)?.[1])
    expect(clients.slice(5, 8)).toEqual([inside.insider, inside.insider, '10.81.0.9'])
  })
})
