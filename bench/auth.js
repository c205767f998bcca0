// What each way to authenticate costs, in CPU microseconds a request over none:
//
//   node bench/auth.js [requests a round]
//
// Each server is a process of its own. They take turns, so that what else the machine does meets them alike.
import { devNull } from 'node:os'
import { variants } from './auth/variants.js'
import { Child } from './child.js'
import { HttpConnection } from './load/connection.js'
import { median } from './statistics.js'

const REQUESTS = Number(process.argv[2] ?? 2000)
const ROUNDS = 15
const CONNECTIONS = 16
/** What a bearer token may cost. */
const BEARER_TARGET = 4
const TEXT = 'hello'

const servers = Object.entries(variants).map(([name, variant]) => ({
  name,
  request: formatRequest(variant),
  child: new Child(name, { file: 'auth/server.js', parameters: [name], output: devNull }),
  costs: [],
}))
try {
  for (const server of servers) await measure(server, 3 * REQUESTS) // for the compiler
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const server of servers) server.costs.push(await measure(server, REQUESTS))
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

/** A round is compared with the one without auth next to it, and then the median is taken. */
function report() {
  const [base, ...others] = servers
  console.log(`Without auth: ${median(base.costs).toFixed(1)} µs of CPU a request. ${ROUNDS} × ${REQUESTS} requests.\n`)
  for (const { name, costs } of others) {
    const differences = costs.map((cost, round) => cost - base.costs[round])
    const cost = median(differences)
    const spread = median(differences.map(difference => Math.abs(difference - cost)))
    const target = name === 'bearer' ? `   target: at most ${BEARER_TARGET}` : ''
    console.log(`${name.padEnd(20)} ${cost.toFixed(1).padStart(7)} µs  ± ${spread.toFixed(1)}${target}`)
  }
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
