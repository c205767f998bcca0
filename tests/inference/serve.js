// Runs a command while the models in predictors/ answer: node tests/inference/serve.js COMMAND…
// The command finds them under INFERENCE_URL.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const INCANT = fileURLToPath(new URL('../../packages/cli/bin/incant.js', import.meta.url))
const MODELS = ['simple', 'simple_string', 'echo', 'lengths']

const [program, ...parameters] = process.argv.slice(2)
const files = MODELS.map(name => fileURLToPath(new URL(`predictors/${name}.ts`, import.meta.url)))
const options = ['--protocol', 'v2,v1', '--port', '0', '--workers', '1', '--drain-delay', '0s', '--log-format', 'json']
const server = spawn(process.execPath, [INCANT, 'serve', ...files, ...options], {
  stdio: ['ignore', 'pipe', 'inherit'],
})
const closed = once(server, 'close')
try {
  const env = { ...process.env, INFERENCE_URL: await findAddress() }
  const child = spawn(program, parameters, { stdio: 'inherit', env })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${program} ended with ${code}.`)
} finally {
  if (server.exitCode === null) server.kill('SIGTERM')
  await closed
}

/** The address is in the line that says that the server is ready. Lines after it are read, and say nothing. */
function findAddress() {
  return new Promise((resolve, reject) => {
    const lines = []
    createInterface({ input: server.stdout }).on('line', line => {
      lines.push(line)
      const { url } = /(?<url>http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.groups ?? {}
      if (url !== undefined) resolve(url)
    })
    closed.then(([code]) =>
      reject(new Error(`The server ended with ${code} before it was ready:\n${lines.join('\n')}`)),
    )
  })
}
