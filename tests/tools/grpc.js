// gRPC in the hands of others: Triton's client, KServe's, and the health checks of gRPC itself, from PyPI.
//
//   node tests/tools/grpc.js PYTHON
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const here = path => fileURLToPath(new URL(path, import.meta.url))
const [python] = process.argv.slice(2)
if (python === undefined || !existsSync(python))
  throw new Error('which Python has the clients? node tests/tools/grpc.js PYTHON')

const files = ['simple', 'simple_string', 'types', 'slow'].map(name => here(`grpc/predictors/${name}.ts`))
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
} finally {
  server.kill('SIGTERM')
}
const [code] = await ended
if (code !== 0) throw new Error(`the server ended with ${code}`)
console.log('the server has ended in good order')

/** The lines of a log, of which each is found once, until the server has ended. */
function readLines(stream, ended) {
  const found = []
  const waiting = []
  createInterface({ input: stream }).on('line', text => {
    const line = JSON.parse(text)
    found.push(line)
    for (const look of [...waiting]) look()
  })
  return {
    find: matches =>
      new Promise((resolve, reject) => {
        void ended.then(([code]) => reject(new Error(`the server ended with ${code}, and no line was found`)))
        const look = () => {
          const index = found.findIndex(matches)
          if (index === -1) return false
          waiting.splice(waiting.indexOf(look), 1)
          resolve(found.splice(index, 1)[0])
          return true
        }
        waiting.push(look)
        look()
      }),
  }
}
