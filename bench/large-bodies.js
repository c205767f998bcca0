// What it costs to read large payloads in a thread: CPU time a request of all processes of a server, side by side with a
// server that reads them on the event loop of the front.
//
//   node bench/large-bodies.js [--short]
//
// Fails where arrays of numbers, which are no danger to the loop for long, cost much more with the thread than without.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { percentile } from './statistics.js'
import { readTreeRuntime } from './tree.js'

const { values: options } = parseArgs({ options: { short: { type: 'boolean', default: false } } })
const [rounds, calls] = options.short ? [5, 10] : [15, 20]

/** The CPU time with the thread, as a multiple of that without, that fails the bench: more than noise. */
const LIMIT = 1.3

const SERVER = fileURLToPath(new URL('large-bodies/server.js', import.meta.url))
const BODIES = { '2.9 MB': 150_528, '9.7 MB': 500_000 }

const servers = ['thread', 'loop'].map(place =>
  fork(SERVER, [place], { env: { ...process.env, NODE_ENV: 'production' } }),
)
try {
  const urls = await Promise.all(servers.map(async server => (await once(server, 'message'))[0]))
  for (const [size, count] of Object.entries(BODIES)) await compare(size, makeBody(count), urls)
} finally {
  for (const server of servers) server.kill()
}

async function compare(size, body, urls) {
  for (const url of urls) await send(url, body)
  const costs = []
  // In turn, so that what else the machine does is the same for both.
  for (let round = 0; round < rounds; round += 1) {
    const taken = []
    for (const [index, url] of urls.entries()) taken.push(await measure(servers[index].pid, () => send(url, body)))
    costs.push(taken)
  }
  const [thread, loop] = urls.map((_, index) =>
    percentile(
      costs.map(taken => taken[index]),
      0.5,
    ).toFixed(1),
  )
  const ratios = costs.map(([one, other]) => one / other)
  const [low, ratio, high] = [0.25, 0.5, 0.75].map(part => percentile(ratios, part).toFixed(2))
  console.log(
    `${size} of numbers: ${thread} ms of CPU a request with a thread, ${loop} on the loop; ratio ${ratio}, quartiles ${low}–${high}`,
  )
  if (Number(ratio) > LIMIT) {
    console.error(`with a thread, ${size} of numbers cost more than ${LIMIT} times as much`)
    process.exitCode = 1
  }
}

async function measure(pid, work) {
  const before = readTreeRuntime(pid)
  await work()
  return (readTreeRuntime(pid) - before) / calls
}

function makeBody(count) {
  return Buffer.from(`{"data":[${Array.from({ length: count }, (_, index) => String(index / 7))}]}`)
}

async function send(url, body) {
  for (let sent = 0; sent < calls; sent += 1) await post(url, body)
}

function post(url, body) {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': body.length }
    request(`${url}/predict`, { method: 'POST', headers }, response => {
      if (response.statusCode !== 200) reject(new Error(`the answer was ${response.statusCode}`))
      response.resume().on('end', resolve)
    })
      .on('error', reject)
      .end(body)
  })
}
