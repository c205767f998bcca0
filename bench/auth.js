// What each way to authenticate costs, in CPU microseconds a request over none:
//
//   node bench/auth.js [rounds] [name of a variant ...]
//
// Each server is a process of its own. They take turns in short rounds, every second time the other way round, so that
// what else the machine does meets them alike.
import { devNull } from 'node:os'
import { variants } from './auth/variants.js'
import { Child } from './child.js'
import { HttpConnection } from './load/connection.js'
import { percentile } from './statistics.js'

const ROUNDS = Number(process.argv[2] ?? 60)
const ONLY = process.argv.slice(3)
const REQUESTS = 500
/** The rounds are estimated in so many parts, too: how far those differ says how much an estimate is worth. */
const PARTS = 4
const CONNECTIONS = 16
/** What a bearer token may cost. */
const BEARER_TARGET = 4
const TEXT = 'hello'

const chosen = Object.entries(variants).filter(([name]) => ONLY.length === 0 || ['no auth', ...ONLY].includes(name))
const servers = chosen.map(([name, variant]) => ({
  name,
  request: formatRequest(variant),
  child: new Child(name, { file: 'auth/server.js', parameters: [name], output: devNull }),
  costs: [],
}))
try {
  for (const server of servers) await measure(server, 12 * REQUESTS) // for the compiler
  for (let round = 0; round < ROUNDS; round += 1) {
    const order = round % 2 === 0 ? servers : servers.toReversed()
    for (const server of order) server.costs.push(await measure(server, REQUESTS))
  }
  report()
} finally {
  await Promise.all(servers.map(({ child }) => child.stop()))
}

/** CPU microseconds of the server's process for each request. */
async function measure({ child, request }, requests) {
  const { port } = await child.started
  const expected = JSON.stringify({ length: TEXT.length })
  const connections = Array.from({ length: CONNECTIONS }, () => new HttpConnection(port, expected))
  await Promise.all(connections.map(({ opened }) => opened))
  const before = await child.ask('cpu')
  let left = requests
  await Promise.all(
    connections.map(async connection => {
      for (; left > 0; left -= 1) await connection.exchange(request)
    }),
  )
  const after = await child.ask('cpu')
  for (const connection of connections) connection.close()
  return (after.cpu - before.cpu) / requests
}

/**
 * What disturbs a process only ever makes it dearer, by missed caches and changed contexts, so the lower quartiles of two
 * servers are compared.
 */
function report() {
  const [base, ...others] = servers
  console.log(
    `Without auth: ${quartile(base.costs).toFixed(1)} µs of CPU a request. ${ROUNDS} × ${REQUESTS} requests each.\n`,
  )
  for (const { name, costs } of others) {
    const parts = Array.from({ length: PARTS }, (_, part) => estimate(costs, base.costs, part))
    const range = `${Math.min(...parts).toFixed(1)} to ${Math.max(...parts).toFixed(1)}`
    const target = name === 'bearer' ? `   target: at most ${BEARER_TARGET}` : ''
    const cost = quartile(costs) - quartile(base.costs)
    console.log(`${name.padEnd(20)} ${cost.toFixed(1).padStart(7)} µs   (parts: ${range})${target}`)
  }
}

/** The cost by every so-manieth pair of rounds. */
function estimate(costs, base, part) {
  const select = values => values.filter((_, round) => Math.floor(round / 2) % PARTS === part)
  return quartile(select(costs)) - quartile(select(base))
}

function quartile(values) {
  return percentile(values, 0.25)
}

function formatRequest({ headers = {}, body }) {
  const payload = Buffer.from(JSON.stringify({ text: TEXT, ...body }))
  const lines = Object.entries({
    Host: '127.0.0.1',
    'Content-Type': 'application/json',
    'Content-Length': payload.length,
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.concat([Buffer.from(`POST /predict HTTP/1.1\r\n${lines.join('')}\r\n`), payload])
}
