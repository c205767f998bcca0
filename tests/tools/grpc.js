// gRPC in the hands of others: Triton's client, KServe's, and the health checks of gRPC itself, from PyPI; and the end of a
// server while a call runs.
//
//   node tests/tools/grpc.js PYTHON
import { deepStrictEqual } from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { callPause } from './grpc/call-pause.js'
import { readLines } from './grpc/read-lines.js'

const here = path => fileURLToPath(new URL(path, import.meta.url))
const [python] = process.argv.slice(2)
if (python === undefined || !existsSync(python))
  throw new Error('which Python has the clients? node tests/tools/grpc.js PYTHON')

const files = ['simple', 'simple_string', 'types', 'slow', 'pause'].map(name => here(`grpc/predictors/${name}.ts`))
const options = ['--port', '0', '--grpc-listen', '127.0.0.1:0', '--drain-delay', '0s', '--log-format', 'json']
const server = spawn(process.execPath, [here('../../packages/cli/bin/incant.js'), 'serve', ...files, ...options], {
  stdio: ['ignore', 'pipe', 'inherit'],
})
const ended = once(server, 'exit')
try {
  const lines = readLines(server.stdout, ended)
  const { address } = await lines.find(({ msg }) => msg === 'gRPC is answered')
  await lines.find(({ msg }) => msg === 'ready')
  for (const client of ['triton_client.py', 'kserve_client.py']) {
    // Both have the same messages, which one Python can have once.
    const clients = spawn(python, [here(`grpc/${client}`), address], { stdio: 'inherit' })
    const [code] = await once(clients, 'exit')
    if (code !== 0) throw new Error(`${client} ended with ${code}`)
  }
  // For the call whose deadline has passed.
  await lines.find(({ msg }) => msg === 'the signal has fired')
  await checkEnd(address, lines)
} finally {
  server.kill('SIGTERM')
}

/** SIGTERM while a call runs: it ends, none is begun any more, and the process ends without an error. */
async function checkEnd(address, lines) {
  const running = callPause(address, 1000)
  await lines.find(({ msg }) => msg === 'a pause begins')
  server.kill('SIGTERM')
  await lines.find(({ signal }) => signal === 'SIGTERM')
  deepStrictEqual(await running, 'OK')
  const [code] = await ended
  deepStrictEqual([code, await callPause(address, 0)], [0, 'UNAVAILABLE'])
  console.log('a call that ran at SIGTERM has ended, and the server in good order')
}
