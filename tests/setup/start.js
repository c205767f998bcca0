// `npm start` in a clone with nothing installed: it must set itself up, serve, and answer the curl line it prints.
//
//   node tests/setup/start.js FOLDER     an empty folder for the clone
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

const [folder = ''] = process.argv.slice(2)
execFileSync('git', ['clone', '--quiet', '--depth', '1', new URL('../..', import.meta.url).href, folder])

const server = spawn('npm', ['start'], {
  cwd: folder,
  detached: true,
  env: { ...process.env, INCANT_PORT: '0', INCANT_DRAIN_DELAY: '0s' },
  stdio: ['ignore', 'pipe', 'inherit'],
})
const closed = once(server, 'close')
try {
  const line = await findCurlLine(server.stdout)
  const answer = execFileSync('bash', ['-c', `${line} --silent`], { encoding: 'utf8' })
  assert.equal(JSON.parse(answer)[0].language, 'German', answer)
  console.log(`start: ${line}\n       was answered`)
} finally {
  process.kill(-server.pid, 'SIGTERM')
  await closed
}

async function findCurlLine(output) {
  for await (const line of createInterface(output)) {
    console.log(line)
    if (/^\s*curl /.test(line)) return line.trim()
  }
  throw new Error('npm start ended without a curl line.')
}
