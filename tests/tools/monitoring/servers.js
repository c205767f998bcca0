// Servers that show every metric there is: one streams, over TLS and for callers with a token; one makes batches, and
// its queue is short; one computes sequences, as jobs too, whose webhooks go to a server of ours.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { findFreePort } from '../../../examples/serving.js'

const here = path => fileURLToPath(new URL(path, import.meta.url))
const COMMAND = here('../../../packages/cli/bin/incant.js')
const CREDENTIALS = { authorization: 'Bearer token-of-a-test' }

/**
 * Starts the servers.
 *
 * @returns what Prometheus is to scrape, a round of traffic of every kind, the death of a replica, and the end of it all
 */
export async function startServers(folder) {
  const certificates = join(folder, 'certificates')
  await run(['cert', 'dev', '--out', certificates])
  const ca = join(certificates, 'ca.pem')
  const tls = ['--tls-cert', join(certificates, 'cert.pem'), '--tls-key', join(certificates, 'key.pem')]
  const streaming = await serve('fixtures/streaming.ts', tls, readFileSync(ca))
  const batching = await serve('fixtures/batching.ts', ['--queue', '1', '--concurrency', '4'])
  const sequences = await serve('fixtures/sequences.ts', ['--protocol', 'jobs', '--webhook-allow', '127.0.0.0/8'])
  const receiver = await receiveWebhooks()
  return {
    targets: [{ url: streaming.url, ca }, { url: batching.url }, { url: sequences.url }],
    makeTraffic: () => Promise.all([streamSome(streaming), batchSome(batching), sequenceSome(sequences, receiver.url)]),
    killReplica: () => streaming.predict({ text: 'a', act: 'exit' }, CREDENTIALS),
    stop: () => Promise.all([streaming.stop(), batching.stop(), sequences.stop(), receiver.stop()]),
  }
}

/** An answer, a payload that does not fit, two callers who may not, and a failure. */
async function streamSome({ predict }) {
  await predict({ text: 'one by one' }, CREDENTIALS)
  await predict({ text: 5 }, CREDENTIALS)
  await predict({ text: 'who' })
  await predict({ text: 'who' }, { authorization: 'Bearer wrong' })
  await predict({ text: 'a', act: 'throw' }, CREDENTIALS)
}

/** More at once than may wait, so that some are refused. */
async function batchSome({ predict }) {
  await Promise.all(Array.from({ length: 12 }, (_, index) => predict({ number: index })))
}

/** A call, and a job that says when it is over. */
async function sequenceSome({ url, predict }, webhook) {
  await predict({ number: 5 })
  await send(`${url}/predictions`, { payload: { input: { number: 5 }, webhook } })
}

async function receiveWebhooks() {
  const server = createServer((incoming, outgoing) => incoming.resume().on('end', () => outgoing.end()))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const stop = () => {
    server.closeAllConnections()
    server.close()
  }
  return { url: `http://127.0.0.1:${server.address().port}/`, stop }
}

async function serve(file, words, ca) {
  const port = await findFreePort()
  const parameters = ['serve', here(file), '--port', String(port), '--drain-delay', '0s', ...words]
  const child = spawn(process.execPath, [COMMAND, ...parameters, '--log-level', 'error'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = once(child, 'exit')
  const url = `${ca === undefined ? 'http' : 'https'}://127.0.0.1:${port}`
  while ((await send(`${url}/ready`, { ca }).catch(() => 0)) !== 200) {
    if (child.exitCode !== null) throw new Error(`${file} ended with ${child.exitCode}`)
    await sleep(100)
  }
  return {
    url,
    predict: (payload, headers) => send(`${url}/predict`, { ca, headers, payload }).catch(() => 0),
    stop: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** Sends a request and gives the status of the answer, when all of it is there. */
function send(url, { ca, headers, payload }) {
  const request = ca === undefined ? requestHttp : requestHttps
  const method = payload === undefined ? 'GET' : 'POST'
  return new Promise((resolve, reject) => {
    const options = { ca, method, agent: false, headers: { 'content-type': 'application/json', ...headers } }
    const outgoing = request(url, options, incoming => {
      incoming
        .on('error', reject)
        .on('end', () => resolve(incoming.statusCode))
        .resume()
    })
    outgoing.on('error', reject).end(payload === undefined ? undefined : JSON.stringify(payload))
  })
}

async function run(words) {
  const child = spawn(process.execPath, [COMMAND, ...words], { stdio: ['ignore', 'ignore', 'inherit'] })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`incant ${words.join(' ')} ended with ${code}`)
}
