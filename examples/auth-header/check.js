// Serves both predictors and calls them from a shell: node examples/auth-header/check.js
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { withServer } from '../serving.js'

process.env['AUTH_TOKENS'] = 'example-token'
process.env['AUTH_USERS'] = 'till:a password'

/** The lines of the article that started this, with the address in place. */
const ARTICLE = `AUTH_PAYLOAD=$(echo "example-token" | base64)
curl -d '{"a": "b"}' \\
    -X POST \\
    -H "Authorization: Basic $AUTH_PAYLOAD" \\
    `

await withServer(new URL('predictor.ts', import.meta.url), async base => {
  const url = `${base}/predict`
  assert.deepEqual(await run(`${ARTICLE}${url}`), { status: 200, body: { status: 'ok', data: { a: 'b' } } })
  assert.equal((await run(`curl -d '{"a": "b"}' -X POST ${url}`)).status, 401)
  assert.equal((await run(`curl -d '{"a": "b"}' -H "Authorization: Basic $(echo wrong | base64)" ${url}`)).status, 401)
})

await withServer(new URL('strict.ts', import.meta.url), async base => {
  const url = `${base}/predict`
  assert.equal((await run(`${ARTICLE}${url}`)).status, 401)
  assert.equal((await run(`curl -d '{}' -u "till:a password" ${url}`)).status, 200)
  assert.equal((await run(`curl -d '{}' -u "till:another" ${url}`)).status, 401)
  assert.equal((await run(`curl -d '{}' -H "Authorization: Bearer example-token" ${url}`)).status, 200)
})

console.log('auth-header: right')

/** Runs what a person would paste, and gives status and body of the answer. */
async function run(commands) {
  const script = `curl() { command curl --silent --write-out '\\n%{http_code}' "$@"; }\n${commands}`
  const { stdout } = await promisify(execFile)('bash', ['-c', script])
  const [, body, status] = /^([\s\S]*)\n(\d+)$/.exec(stdout)
  return { status: Number(status), body: JSON.parse(body) }
}
