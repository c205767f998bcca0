import { Child } from './child.js'
import { HttpConnection } from './load/connection.js'
import { percentile } from './statistics.js'

const REQUESTS = 500
const CONNECTIONS = 16
/** The rounds are estimated in so many parts, too: how far those differ says how much an estimate is worth. */
const PARTS = 4

/**
 * One of several servers that are compared.
 *
 * @typedef {object} Subject
 * @property {string} name
 * @property {Buffer} request what it is sent, as bytes
 * @property {string} expected the body of every answer
 * @property {{ file: string, parameters?: string[], output: string }} process
 */

/**
 * CPU microseconds a request of each server's process, round by round. Each is a process of its own. They take turns in
 * short rounds, every second time the other way round, so that what else the machine does meets them alike.
 *
 * @param {readonly Subject[]} subjects
 * @param {number} rounds
 * @returns {Promise<{ name: string, costs: number[] }[]>}
 */
export async function measurePaired(subjects, rounds) {
  const servers = subjects.map(subject => ({ ...subject, child: new Child(subject.name, subject.process), costs: [] }))
  try {
    for (const server of servers) await measure(server, 12 * REQUESTS) // for the compiler
    for (let round = 0; round < rounds; round += 1) {
      const order = round % 2 === 0 ? servers : servers.toReversed()
      for (const server of order) server.costs.push(await measure(server, REQUESTS))
    }
  } finally {
    await Promise.all(servers.map(({ child }) => child.stop()))
  }
  return servers
}

async function measure({ child, request, expected }, requests) {
  const { port } = await child.started
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
 * Prints what the first server takes, and what each other one takes more. What disturbs a process only ever makes it
 * dearer, by missed caches and changed contexts, so the lower quartiles of two servers are compared.
 *
 * @param {readonly { name: string, costs: number[] }[]} measured
 * @param {Record<string, number>} targets by name: what it may cost
 */
export function reportCosts([base, ...others], targets) {
  const rounds = base.costs.length
  console.log(
    `With ${base.name}: ${quartile(base.costs).toFixed(1)} µs of CPU a request. ${rounds} × ${REQUESTS} requests each.\n`,
  )
  for (const { name, costs } of others) {
    const parts = Array.from({ length: PARTS }, (_, part) => estimate(costs, base.costs, part))
    const range = `${Math.min(...parts).toFixed(1)} to ${Math.max(...parts).toFixed(1)}`
    const target = targets[name] === undefined ? '' : `   target: at most ${targets[name]}`
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

/** A POST of JSON to predict. */
export function formatRequest(payload, headers = {}) {
  const body = Buffer.from(JSON.stringify(payload))
  const lines = Object.entries({
    Host: '127.0.0.1',
    'Content-Type': 'application/json',
    'Content-Length': body.length,
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.concat([Buffer.from(`POST /predict HTTP/1.1\r\n${lines.join('')}\r\n`), body])
}
