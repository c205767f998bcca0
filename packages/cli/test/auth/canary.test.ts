// @module-tag slow
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { runIncant, serveFile } from '../incant-process.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const CANARY = 'cAnArY0123456789cAnArY0123456789cAnArY'

const PREDICTOR = `import { BasePredictor, type PredictContext } from 'incant'
import { anyOf, basicAuth, bearerAuth, bodyTokenAuth } from 'incant/auth'
@anyOf(
  bearerAuth({ tokens: { env: 'SECRET' } }),
  basicAuth({ users: { file: 'users' } }),
  bodyTokenAuth({ tokens: { file: 'tokens' } }),
)
export default class Predictor extends BasePredictor {
  predict(payload: { how?: string }, { principal }: PredictContext) {
    console.log('called', payload, principal)
    if (payload.how === 'throw') throw new Error('thrown')
    if (payload.how === 'throw payload') throw payload
    return { payload, principal }
  }
}
`

/** What callers send, in each of the ways: headers, and members of the payload. */
const WAYS: readonly (readonly [headers: Record<string, string>, members: object])[] = [
  [{ authorization: `Bearer ${CANARY}` }, {}],
  [{ authorization: `Bearer ${CANARY}!` }, {}],
  [{ authorization: `Basic ${btoa(`till:${CANARY}`)}` }, {}],
  [{ authorization: `Basic ${btoa(CANARY)}` }, {}],
  [{}, { auth: CANARY }],
  [{}, { auth: `${CANARY}!` }],
  [{ authorization: `Bearer ${CANARY}` }, { auth: CANARY }],
]

const PAYLOADS = [{}, { how: 'throw' }, { how: 'throw payload' }, { how: 5 }]
const PATHS = ['/health', '/ready', '/livez', '/metrics', '/openapi.json', '/', `/${CANARY}`]

/** Sends every payload in every way, whole and broken. Returns all that was answered. */
async function sendEverything(url: string): Promise<{ statuses: Set<number>; said: string[] }> {
  const statuses = new Set<number>()
  const said: string[] = []
  const send = async (path: string, init: RequestInit) => {
    const response = await fetch(`${url}${path}`, init)
    statuses.add(response.status)
    said.push(await response.text(), JSON.stringify([...response.headers]))
  }
  for (const [headers, members] of WAYS) {
    for (const payload of PAYLOADS) {
      const body = JSON.stringify({ ...payload, ...members })
      const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers } }
      await send(`/predict?access_token=${CANARY}`, { ...init, body })
      await send('/predict', { ...init, body: body.slice(0, -1) })
    }
    for (const path of PATHS) await send(path, { headers })
  }
  return { statuses, said }
}

/** The command lines of every process of this machine whose parent, or itself, is one of these. */
function commandLines(root: number): string[] {
  const processes = readdirSync('/proc').filter(name => /^\d+$/.test(name))
  const found: string[] = []
  for (const id of processes) {
    try {
      const parent = Number(readFileSync(`/proc/${id}/stat`, 'latin1').split(') ').at(-1)?.split(' ')[1])
      if (Number(id) === root || parent === root) found.push(readFileSync(`/proc/${id}/cmdline`, 'latin1'))
    } catch {
      // It has ended meanwhile.
    }
  }
  return found
}

test.each(['json', 'pretty'])('a secret sent to a server with replicas is nowhere: log format %s', async format => {
  const cwd = temporaryFolder({ 'predictor.ts': PREDICTOR, tokens: CANARY, users: `till:${CANARY}` })
  const words = ['predictor.ts', '--workers', '2', '--log-level', 'debug', '--log-format', format]
  const server = serveFile(words, { cwd, env: { SECRET: CANARY } })
  const { statuses, said } = await sendEverything(await listening(server.output))
  expect([...statuses]).toEqual(expect.arrayContaining([200, 400, 401, 404, 422, 500]))
  const lines = process.platform === 'linux' ? commandLines(server.id) : []
  // The server and its replicas, and perhaps what a loader has started.
  if (process.platform === 'linux') expect(lines.length).toBeGreaterThanOrEqual(3)
  server.kill('SIGTERM')
  const { stdout, stderr } = await server.ended
  const everything = [stdout, stderr, ...said, ...lines].join('\n')
  for (const form of [CANARY, btoa(CANARY), btoa(`till:${CANARY}`)]) expect(everything).not.toContain(form)
})

/** The address that a server tells, in whichever form of the log. */
async function listening(output: Readonly<Record<'stdout', string>>): Promise<string> {
  for (;;) {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(output.stdout)?.[0]
    if (url !== undefined && (await fetch(`${url}/ready`)).status === 200) return url
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

test('incant token shows a secret once, and what is kept of it is a hash', async () => {
  const cwd = temporaryFolder()
  const run = (...words: string[]) => runIncant(['token', ...words, '--store', 'tokens.json'], { cwd })
  const { stdout: made } = await run('create', '--name', 'a')
  const { stdout: next } = await run('rotate', '--name', 'a')
  const later = [await run('list'), await run('list', '--json'), await run('revoke', '--name', 'a'), await run('list')]
  const kept = readdirSync(cwd).map(name => readFileSync(`${cwd}/${name}`, 'utf8'))
  const everything = JSON.stringify([later, kept])
  for (const token of [made, next]) {
    expect(token).toMatch(/^inc_[0-9A-Za-z]{10}_[0-9A-Za-z]{38}\n$/)
    expect(everything).not.toContain(token.trim().slice(15))
  }
})
