import { readFileSync, writeFileSync } from 'node:fs'
import { Agent } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type IncantProcess, serveFile } from '../../packages/cli/test/incant-process.ts'
import { temporaryFolder } from '../../packages/cli/test/temporary-folder.ts'
import {
  type Issuer,
  makeIssuer,
  type PairFiles,
  writePair,
} from '../../packages/incant/test/node/tls/_certificates.ts'
import { callPredict } from '../../packages/incant/test/node/tls/_requests.ts'
import { PROXY_ADDRESS, type RunningProxy, startHAProxy, startNginx } from './_proxies.ts'

const PREDICTOR = `import { BasePredictor, type PredictContext } from 'incant'
export default class Predictor extends BasePredictor {
  predict(_payload: { a: number }, context: PredictContext) { return { client: context.client.address } }
}
`

/** Callers of the proxy that are inside, and not: loopback has many addresses. */
const [INSIDER, OUTSIDER] = ['127.0.0.2', '127.0.0.9']
/** Who asks whether the proxy is there. */
const OURS = '127.0.0.1'

interface Setting {
  readonly proxy: RunningProxy
  /** Of the server itself. */
  readonly port: number
  readonly server: IncantProcess
  readonly authority: Issuer
  readonly written: PairFiles
}

type ProxyKind = (typeof KINDS)[number]

const KINDS = [
  { name: 'nginx', header: 'x-forwarded-for', start: startNginx, claim: (address: string) => address },
  { name: 'HAProxy', header: 'forwarded', start: startHAProxy, claim: (address: string) => `for=${address}` },
] as const

/** A private server whose insiders come through a proxy alone. */
async function serveBehind({ start, header }: ProxyKind): Promise<Setting> {
  const authority = await makeIssuer()
  const written = writePair(await authority.issue())
  const ca = join(written.folder, 'ca.pem')
  writeFileSync(ca, authority.cert)
  const network = ['--visibility', 'private', '--allow', INSIDER, '--allowed-host', 'localhost']
  const proxied = ['--trusted-proxy', PROXY_ADDRESS, '--forwarding-header', header]
  const tls = ['--tls-cert', written.files.tlsCert, '--tls-key', written.files.tlsKey]
  const cwd = temporaryFolder({ 'predictor.ts': PREDICTOR })
  const server = serveFile(['predictor.ts', '--workers', '2', ...network, ...proxied, ...tls], { cwd })
  const { port } = new URL((await server.ready()).url)
  return { proxy: await start({ port: Number(port), ca }), port: Number(port), server, authority, written }
}

function linesOf(server: IncantProcess): readonly Record<string, unknown>[] {
  const lines = server.output.stdout.split('\n').slice(0, -1)
  return lines.map(line => JSON.parse(line))
}

describe.each(KINDS)('behind $name', kind => {
  const { header, claim } = kind

  it('the caller is who the proxy says, and not who the caller says', async () => {
    const { proxy, server } = await serveBehind(kind)
    const from = async (localAddress: string, headers: Record<string, string> = {}) => {
      const { status, body } = await callPredict(proxy.url, { localAddress, headers })
      return [status, JSON.parse(body).client ?? JSON.parse(body).code]
    }
    const inside = [200, INSIDER]
    const outside = [404, 'not_found']
    expect(await from(INSIDER)).toEqual(inside)
    expect(await from(OUTSIDER)).toEqual(outside)
    for (const written of [claim(INSIDER), claim(PROXY_ADDRESS), `${claim(INSIDER)}, ${claim(PROXY_ADDRESS)}`]) {
      expect([written, await from(OUTSIDER, { [header]: written })]).toEqual([written, outside])
      expect([written, await from(INSIDER, { [header]: written })]).toEqual([written, inside])
    }
    expect(await from(OUTSIDER, { [header]: `${claim(INSIDER)};x="` })).toEqual(outside)
    const other = header === 'forwarded' ? 'x-forwarded-for' : 'forwarded'
    for (const name of [other, 'x-real-ip']) expect(await from(OUTSIDER, { [name]: claim(INSIDER) })).toEqual(outside)
    const clients = (): unknown[] =>
      linesOf(server).flatMap(({ msg, client }) => (msg === 'request' && client !== OURS ? [client] : []))
    // Of a Forwarded header that a caller has spoilt nothing can be believed, and the proxy stands for the caller.
    const spoilt = header === 'forwarded' ? [PROXY_ADDRESS] : []
    // The log is written a moment later.
    await expect.poll(() => new Set(clients()), { timeout: 10_000 }).toEqual(new Set([INSIDER, OUTSIDER, ...spoilt]))
  })

  it('an outsider does not get more than a 404 for a head that the proxy lets through and the server does not', async () => {
    const { proxy } = await serveBehind(kind)
    const headers = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`x-${index}`, 'a']))
    for (const localAddress of [OUTSIDER, INSIDER]) {
      // Of a head that is too long nobody knows what is missing: not even an insider is known by it.
      const { status, body } = await callPredict(proxy.url, { localAddress, headers })
      expect([status, JSON.parse(body).code]).toEqual([404, 'not_found'])
    }
  })

  it('certificates roll under load, on connections that are kept, and nothing fails', async () => {
    const { proxy, port, server, authority, written } = await serveBehind(kind)
    const agent = new Agent({ keepAlive: true, localAddress: INSIDER })
    onTestFinished(() => agent.destroy())
    const answers: (number | string)[] = []
    let rolled = 0
    const call = async (keep: boolean) => {
      const { status } = await callPredict(proxy.url, keep ? { agent } : { localAddress: INSIDER })
      answers.push(status)
    }
    const callers = Array.from({ length: 12 }, async (_, index) => {
      while (rolled < 4) await call(index % 3 > 0).catch((error: unknown) => answers.push(String(error)))
    })
    for (; rolled < 4; rolled += 1) {
      const before = answers.length
      written.replace(await authority.issue())
      if (rolled === 2) server.kill('SIGHUP')
      await expect.poll(() => countOf(server, 'certificate reloaded'), { timeout: 20_000 }).toBe(rolled + 1)
      await expect.poll(() => answers.length, { timeout: 20_000 }).toBeGreaterThan(before + 100)
    }
    await Promise.all(callers)
    const connections = countConnections(PROXY_ADDRESS, port)
    expect([connections > 0, connections < answers.length / 4], `${connections} of ${answers.length}`).toEqual([
      true,
      true,
    ])
    expect([...new Set(answers)]).toEqual([200])
    expect(linesOf(server).filter(({ level }) => level === 'error')).toEqual([])
  })
})

/** Connections from an address to a port of 127.0.0.1, those of the last minute that are closed among them. */
function countConnections(from: string, port: number): number {
  const hex = from
    .split('.')
    .map(part => Number(part).toString(16).padStart(2, '0'))
    .reverse()
    .join('')
  const ours = `0100007F:${port.toString(16).padStart(4, '0')}`
  const pair = new RegExp(`^ *\\d+: ${ours} ${hex}:`, 'i')
  const back = new RegExp(`^ *\\d+: ${hex}:\\w{4} ${ours}`, 'i')
  const lines = readFileSync('/proc/net/tcp', 'utf8').split('\n')
  return Math.max(...[pair, back].map(pattern => lines.filter(line => pattern.test(line)).length))
}

function countOf(server: IncantProcess, message: string): number {
  return linesOf(server).filter(({ msg }) => msg === message).length
}
