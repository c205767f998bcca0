import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { serveFile } from '../../packages/cli/test/incant-process.ts'
import { temporaryFolder } from '../../packages/cli/test/temporary-folder.ts'
import { type IssueOptions, makeIssuer, writePair } from '../../packages/incant/test/node/tls/_certificates.ts'

const run = promisify(execFile)

const PREDICTOR = `import { BasePredictor } from 'incant'
export default class Predictor extends BasePredictor {
  predict(payload: { text: string }): number { return payload.text.length }
}
`

const SUITES = ['AES256-GCM-SHA384', 'CHACHA20-POLY1305', 'AES128-GCM-SHA256']
const SUITES_1_3 = ['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256']

/** A private server, from the command line, with a key of this kind. */
async function serveWith(key: NonNullable<IssueOptions['key']>): Promise<{ address: string; ca: string }> {
  const authority = await makeIssuer()
  const { folder, files } = writePair(await authority.issue({ key }))
  const ca = join(folder, 'ca.pem')
  writeFileSync(ca, authority.cert)
  const words = ['predictor.ts', '--visibility', 'private', '--allow', '127.0.0.0/8']
  const cwd = temporaryFolder({ 'predictor.ts': PREDICTOR })
  const server = serveFile([...words, '--tls-cert', files.tlsCert, '--tls-key', files.tlsKey], { cwd })
  const { url } = await server.ready()
  return { address: new URL(url).host, ca }
}

/** What testssl.sh says of one thing. */
interface Finding {
  readonly id: string
  readonly severity: string
  readonly finding: string
}

/** Findings about the certificates of the test, and why they are none about the server. */
const OF_THE_CERTIFICATE: ReadonlySet<string> = new Set([
  // The authority of a test, as one that `incant cert dev` makes, publishes no list of what it has revoked.
  'cert_revocation',
])

const REFUSED: readonly string[] = [
  ...['SSLv2', 'SSLv3', 'TLS1', 'TLS1_1'],
  ...['NULL', 'aNULL', 'EXPORT', 'LOW', '3DES_IDEA'].map(kind => `cipherlist_${kind}`),
]

async function testSSL(address: string, ca: string): Promise<readonly Finding[]> {
  const file = join(temporaryFolder(), 'findings.json')
  const checks = [
    '--protocols',
    '--std',
    '--fs',
    '--server-preference',
    '--server-defaults',
    '--headers',
    '--vulnerable',
  ]
  const quiet = ['--quiet', '--color', '0', '--warnings', 'batch', '--nodns', 'none', '--add-ca', ca]
  // It ends with the number of what it could not do.
  await run('testssl', [...quiet, ...checks, '--jsonfile', file, address]).catch(() => {})
  return JSON.parse(readFileSync(file, 'utf8'))
}

describe.each(['ECDSA', 'RSA'] as const)('a server with a key of %s', key => {
  it('has nothing that sslscan complains of', async () => {
    const { address } = await serveWith(key)
    const { stdout } = await run('sslscan', ['--no-colour', '--xml=-', address])
    const offered = [...stdout.matchAll(/<protocol type="(\w+)" version="([\d.]+)" enabled="1"/g)]
    expect(offered.map(([, type, version]) => `${type} ${version}`)).toEqual(['tls 1.2', 'tls 1.3'])
    const ciphers = [...stdout.matchAll(/<cipher status="\w+" sslversion="(TLSv[\d.]+)" .*?cipher="([^"]+)"/g)]
    expect(ciphers.map(([, version, name]) => `${version} ${name}`)).toEqual([
      ...SUITES_1_3.map(name => `TLSv1.3 ${name}`),
      ...SUITES.map(name => `TLSv1.2 ECDHE-${key}-${name}`),
    ])
    expect(stdout).not.toMatch(/vulnerable="1"|strength="(?:weak|null|anonymous)"|<renegotiation supported="1"/)
  })

  it('has nothing that testssl.sh complains of', { timeout: 600_000 }, async () => {
    const { address, ca } = await serveWith(key)
    const findings = await testSSL(address, ca)
    const complaints = findings.filter(
      ({ id, severity }) => /LOW|MEDIUM|HIGH|CRITICAL|FATAL/.test(severity) && !OF_THE_CERTIFICATE.has(id),
    )
    // The page at / is compressed: one text for everybody, with no secret and nothing of a caller in it.
    const [page, ...others] = complaints
    expect(others).toEqual([])
    expect(page).toMatchObject({ id: 'BREACH', finding: expect.stringContaining("only supplied '/' tested") })
    const findingOf = (wanted: string) => findings.find(({ id }) => id === wanted)?.finding
    for (const id of REFUSED) expect([id, findingOf(id)]).toEqual([id, 'not offered'])
    // Block ciphers, and what has no fresh key for each connection; the name is another one in each version.
    expect(findingOf('cipherlist_AVERAGE') ?? findingOf('cipherlist_OBSOLETED')).toBe('not offered')
    expect(findingOf('cipherlist_STRONG') ?? findingOf('cipherlist_STRONG_FS')).toBe('offered')
    expect(findingOf('HSTS_time')).toMatch(/^365 days/)
  })
})
