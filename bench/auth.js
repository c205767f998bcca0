// What each way to authenticate costs, in CPU microseconds a request over none: node bench/auth.js [requests a turn]
//
// The whole application is called in memory, so that sockets and their noise are left out. The variants take turns, and
// what is compared is the median of the differences between a turn and the turn without auth next to it.
import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { parseArgs } from 'node:util'

const { BasePredictor, createApp, silentLogger } = await import('../packages/incant/dist/index.js')
const { anyOf, apiKeyAuth, basicAuth, bearerAuth, bodyTokenAuth, hashPassword, jwtAuth, rateLimit } = await import(
  '../packages/incant/dist/auth/index.js'
)

const { positionals } = parseArgs({ allowPositionals: true })
const REQUESTS = Number(positionals[0] ?? 2000)
const TURNS = 25
/** Contract: what a bearer token may cost. */
const BEARER_TARGET = 4

const TOKEN = 'inc_b3nchm4rk0_0123456789abcdefghijklmnopqrstuv000000'
const SECRET = 'a secret of at least thirty-two bytes'
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const claims = { sub: 'bench', iss: 'i', aud: 'a', exp: 9_999_999_999 }
const expectations = { issuer: 'i', audience: 'a' }

const variants = [
  // With a header more as well, since reading one is no part of the check.
  { name: 'no auth', decorators: [], headers: { authorization: `Bearer ${TOKEN}` } },
  { name: 'bearer', decorators: [bearerAuth({ tokens: TOKEN })], headers: { authorization: `Bearer ${TOKEN}` } },
  {
    name: 'bearer, 100 tokens',
    decorators: [bearerAuth({ tokens: [...Array.from({ length: 99 }, (_, index) => `other${index}`), TOKEN] })],
    headers: { authorization: `Bearer ${TOKEN}` },
  },
  {
    name: 'bearer, token store',
    decorators: [bearerAuth({ tokens: await makeStore() })],
    headers: { authorization: `Bearer ${TOKEN}` },
  },
  { name: 'API key', decorators: [apiKeyAuth({ tokens: TOKEN })], headers: { 'x-api-key': TOKEN } },
  {
    name: 'basic, written out',
    decorators: [basicAuth({ users: { bench: 'password' } })],
    headers: { authorization: `Basic ${btoa('bench:password')}` },
  },
  {
    name: 'basic, scrypt',
    decorators: [basicAuth({ users: { bench: await hashPassword('password') } })],
    headers: { authorization: `Basic ${btoa('bench:password')}` },
  },
  { name: 'body token', decorators: [bodyTokenAuth({ tokens: TOKEN })], body: { auth: TOKEN } },
  {
    name: 'any of four',
    decorators: [
      anyOf(
        bearerAuth({ tokens: 'x' }),
        basicAuth({ users: { a: 'b' } }),
        bodyTokenAuth({ tokens: 'y' }),
        apiKeyAuth({ tokens: TOKEN }),
      ),
    ],
    headers: { 'x-api-key': TOKEN },
  },
  {
    name: 'bearer, rate limit',
    decorators: [bearerAuth({ tokens: TOKEN }), rateLimit({ requests: 1e9, per: 'second' })],
    headers: { authorization: `Bearer ${TOKEN}` },
  },
  {
    name: 'JWT, HS256',
    decorators: [jwtAuth({ secret: SECRET, algorithms: ['HS256'], ...expectations })],
    headers: { authorization: `Bearer ${jwt('HS256', input => createHmac('sha256', SECRET).update(input).digest())}` },
  },
  {
    name: 'JWT, RS256',
    decorators: [jwtAuth({ publicKey: pem(rsa), algorithms: ['RS256'], ...expectations })],
    headers: { authorization: `Bearer ${jwt('RS256', input => sign('sha256', input, rsa.privateKey))}` },
  },
  {
    name: 'JWT, ES256',
    decorators: [jwtAuth({ publicKey: pem(ec), algorithms: ['ES256'], ...expectations })],
    headers: {
      authorization: `Bearer ${jwt('ES256', input => sign('sha256', input, { key: ec.privateKey, dsaEncoding: 'ieee-p1363' }))}`,
    },
  },
]

for (const variant of variants) await prepare(variant)
for (const variant of variants) await measure(variant) // once for the compiler
for (let turn = 0; turn < TURNS; turn += 1) {
  for (const variant of variants) variant.turns.push(await measure(variant))
}
report()

async function prepare(variant) {
  class Predictor extends BasePredictor {
    predict() {
      return { ok: true }
    }
  }
  for (const decorator of variant.decorators) decorator(Predictor)
  const signature = {
    version: 1,
    className: 'Predictor',
    parameters: [{ name: 'payload', role: 'payload' }],
    returns: [],
    definitions: {},
  }
  const app = createApp(Predictor, { logger: silentLogger, signature })
  await app.ready
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...variant.headers },
    body: JSON.stringify({ text: 'hello', ...variant.body }),
  }
  variant.turns = []
  variant.call = async () => {
    const response = await app.fetch(new Request('http://localhost/predict', init))
    if (response.status !== 200) throw new Error(`${variant.name}: ${response.status} ${await response.text()}`)
  }
}

/** CPU microseconds a request, of all threads. */
async function measure(variant) {
  const count = /JWT|scrypt/.test(variant.name) ? REQUESTS / 4 : REQUESTS
  const before = process.cpuUsage()
  for (let request = 0; request < count; request += 1) await variant.call()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / count
}

function report() {
  const [base] = variants
  console.log(`without auth ${median(base.turns).toFixed(1)} µs a request; ${TURNS} turns of ${REQUESTS}\n`)
  for (const variant of variants.slice(1)) {
    const differences = variant.turns.map((cost, turn) => cost - base.turns[turn])
    const cost = median(differences)
    const spread = median(differences.map(difference => Math.abs(difference - cost)))
    const verdict =
      variant.name === 'bearer'
        ? cost <= BEARER_TARGET
          ? `  target ${BEARER_TARGET}: met`
          : `  target ${BEARER_TARGET}: MISSED`
        : ''
    console.log(`${variant.name.padEnd(22)} ${cost.toFixed(1).padStart(7)} µs  ± ${spread.toFixed(1)}${verdict}`)
  }
}

function median(values) {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)]
}

async function makeStore() {
  const { createHash } = await import('node:crypto')
  const stored = { id: 'b3nchm4rk0', hash: createHash('sha256').update(TOKEN).digest('hex'), scopes: [] }
  const tokens = new Map([[stored.id, stored]])
  return { find: id => tokens.get(id) }
}

function jwt(alg, seal) {
  const encode = part => Buffer.from(JSON.stringify(part)).toString('base64url')
  const input = `${encode({ alg })}.${encode(claims)}`
  return `${input}.${seal(Buffer.from(input)).toString('base64url')}`
}

function pem({ publicKey }) {
  return publicKey.export({ type: 'spki', format: 'pem' })
}
