// @module-tag slow
import { existsSync, readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { runIncant, serveFile } from '../incant-process.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const PREDICTOR = `import { BasePredictor, type PredictContext } from 'incant'
import { bearerAuth, tokenFile } from 'incant/auth'
@bearerAuth({ tokens: tokenFile('tokens.json') })
export default class Predictor extends BasePredictor {
  predict(payload: unknown, { principal }: PredictContext) { return principal?.id ?? 'nobody' }
}
`

const pause = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds))

interface Answer {
  readonly token: string
  readonly status: number
  /** When the call was sent. */
  readonly at: number
}

function send(url: string, agent: Agent, token: string): Promise<Answer> {
  const at = performance.now()
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const call = request(`${url}/predict`, { method: 'POST', agent, headers }, response => {
      response.resume().on('end', () => resolve({ token, status: response.statusCode ?? 0, at }))
    })
    call.on('error', reject).end('{}')
  })
}

it('refuses no good caller and takes no revoked token a second later, while the command line changes tokens', async () => {
  const cwd = temporaryFolder({ 'predictor.ts': PREDICTOR })
  const said: string[] = []
  const change = async (...words: string[]) => {
    const { code, stdout, stderr } = await runIncant(['token', ...words, '--store', 'tokens.json'], { cwd })
    expect(stderr).not.toMatch(/defect/)
    expect(code).toBe(0)
    said.push(stderr)
    return stdout.trim()
  }
  const good = await change('create', '--name', 'good')
  const leaked = await change('create', '--name', 'leaked')
  const server = serveFile(['predictor.ts', '--log-format', 'json'], { cwd })
  const { url } = await server.ready()
  const agent = new Agent({ keepAlive: true })
  onTestFinished(() => agent.destroy())

  const calls: Promise<Answer>[] = []
  const senders = new Set([good, leaked])
  let tick = 0
  const timer = setInterval(() => {
    tick += 1
    // Two hundred a second with the good one, twenty with each of the others.
    for (const token of senders) if (token === good || tick % 10 === 0) calls.push(send(url, agent, token))
  }, 5)
  onTestFinished(() => clearInterval(timer))

  const successor = await change('rotate', '--name', 'good')
  await pause(1000)
  senders.add(successor)
  await change('revoke', '--name', 'leaked')
  const revokedAt = performance.now()
  await pause(1500)
  clearInterval(timer)
  const answers = await Promise.all(calls)

  const statuses = (token: string, from = 0) =>
    new Set(answers.filter(answer => answer.token === token && answer.at >= from).map(answer => answer.status))
  expect(statuses(good)).toEqual(new Set([200]))
  expect(statuses(successor)).toEqual(new Set([200]))
  expect(statuses(leaked)).toEqual(new Set([200, 401]))
  expect(statuses(leaked, revokedAt + 1000)).toEqual(new Set([401]))
  expect(answers.length).toBeGreaterThan(300)

  // The canaries: everything that was written anywhere holds ids, and the secret of none.
  server.kill('SIGTERM')
  const { code, stdout, stderr } = await server.ended
  expect(code).toBe(0)
  said.push(
    stdout,
    stderr,
    ...['tokens.json', 'tokens.json.last-use'].map(name => readFileSync(join(cwd, name), 'utf8')),
  )
  expect(existsSync(join(cwd, 'tokens.json.lock'))).toBe(false)
  for (const token of [good, leaked, successor]) {
    const [, id = '', secret = ''] = token.split('_')
    expect(said.join('')).toContain(id)
    expect(said.join('')).not.toContain(secret.slice(0, 12))
    expect(said.join('')).not.toContain(secret.slice(-12))
  }
  const listed = JSON.parse(await change('list', '--json'))
  expect(listed.filter((token: { lastUsed?: string }) => token.lastUsed !== undefined)).toHaveLength(3)
})
