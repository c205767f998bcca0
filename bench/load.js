// The load generator, a process of its own: runs one load after the other, as the parent process asks for them.
import { HttpConnection } from './load/connection.js'
import { percentile } from './statistics.js'
import { workloadOf } from './workloads.js'

process.on('message', load =>
  run(load).then(
    result => process.send({ result }),
    error => process.send({ error: error.message }),
  ),
)
process.on('disconnect', () => process.exit())
process.send({ ready: true })

/**
 * Sends requests over several connections, each with one request in flight, until all have been answered.
 *
 * @param {{ port: number, workload: string, requests: number, connections: number, timeout: number }} load
 */
async function run({ port, workload, requests, connections, timeout }) {
  const { type, encode, makePayload, predict } = workloadOf(workload)
  const payload = makePayload()
  const expected = JSON.stringify(predict(payload))
  const request = formatRequest(type, encode(payload))
  const open = Array.from({ length: Math.min(connections, requests) }, () => new HttpConnection(port, expected))
  await Promise.all(open.map(connection => connection.opened))
  try {
    return await within(timeout, exchangeAll(open, request, requests))
  } finally {
    for (const connection of open) connection.close()
  }
}

async function exchangeAll(connections, request, requests) {
  const latencies = []
  let left = requests
  const startedAt = performance.now()
  await Promise.all(
    connections.map(async connection => {
      while (left > 0) {
        left -= 1
        latencies.push(await connection.exchange(request))
      }
    }),
  )
  const seconds = (performance.now() - startedAt) / 1000
  return { requests, seconds, p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) }
}

function formatRequest(type, bytes) {
  const head = [
    'POST /predict HTTP/1.1',
    'Host: 127.0.0.1',
    'User-Agent: incant-bench',
    'Accept: application/json',
    `Content-Type: ${type}`,
    `Content-Length: ${bytes.length}`,
  ]
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), bytes])
}

async function within(milliseconds, work) {
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not answered within ${milliseconds / 1000} s`)), milliseconds)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
