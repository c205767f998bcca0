// Rotates and revokes tokens under two hundred calls a second: node examples/auth-tokens/check.js
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { withServer } from '../serving.js'

const run = promisify(execFile)
const INCANT = fileURLToPath(new URL('../../packages/cli/bin/incant.js', import.meta.url))

const folder = mkdtempSync(join(tmpdir(), 'incant-auth-tokens-'))
const store = join(folder, 'tokens.json')
const agent = new Agent({ keepAlive: true })
process.env.TOKENS = store
try {
  let current = await token('create', '--name', 'good', '--scopes', 'predict')
  await withServer(new URL('predictor.ts', import.meta.url), async url => {
    assert.deepEqual(await call(url, current), { status: 200, body: { mean: 2, caller: 'good' } })
    const stop = startLoad(url, () => current)
    for (let round = 1; round <= 3; round += 1) {
      const old = current
      const next = await token('rotate', '--name', 'good', '--grace', '1h')
      const other = await token('create', '--name', `other-${round}`, '--scopes', 'predict')
      await sleep(1000)
      assert.equal((await call(url, other)).status, 200, 'a new token is good after a second')
      current = next
      await settle(stop)
      await token('revoke', idOf(old), idOf(other))
      await sleep(1000)
      for (const ended of [old, other]) await assertEnded(url, ended)
    }
    const unscoped = await token('create', '--name', 'unscoped')
    await sleep(1000)
    assert.equal((await call(url, unscoped)).status, 403)
    const statuses = await stop()
    assert.deepEqual([...new Set(statuses)], [200], 'no good caller is refused')
    const list = JSON.parse(await token('list', '--json'))
    assert.equal(list.length, 8)
    assert.equal(JSON.stringify(list).includes(current.slice(-38)), false)
    console.log(`auth-tokens: ${statuses.length} calls while tokens were made, rotated and revoked, none refused`)
  })
} finally {
  agent.destroy()
  rmSync(folder, { recursive: true, force: true })
}

/** `incant token …`: what it prints, without the newline. */
async function token(action, ...words) {
  const { stdout } = await run(process.execPath, [INCANT, 'token', action, ...words, '--store', store])
  return stdout.trim()
}

function idOf(secret) {
  return secret.split('_')[1]
}

/** Calls two hundred times a second with the current token, until it is stopped. */
function startLoad(url, currentToken) {
  const calls = []
  const timer = setInterval(() => calls.push(call(url, currentToken())), 5)
  return Object.assign(
    async () => {
      clearInterval(timer)
      return (await Promise.all(calls)).map(({ status }) => status)
    },
    { calls },
  )
}

/** Waits for the calls on their way, since they may carry the token that is revoked next. */
async function settle({ calls }) {
  await Promise.all([...calls])
}

async function assertEnded(url, ended) {
  const { status, body } = await call(url, ended)
  assert.equal(status, 401, 'no revoked token is good a second later')
  assert.equal(body.code, 'invalid_credentials')
}

function call(url, secret) {
  const headers = { Authorization: `Bearer ${secret}`, 'Content-Type': 'application/json' }
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/predict`, { method: 'POST', agent, headers }, response => {
      let text = ''
      response.on('data', chunk => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode, body: JSON.parse(text) }))
    })
    sent.on('error', reject).end('{"values":[1,2,3]}')
  })
}
