// @module-tag slow
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { ERRORS_PAGE } from '../errors-page.ts'
import { runIncant, serveFile } from '../incant-process.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const PREDICTOR = `import { BasePredictor, type PredictContext } from 'incant'
import { bearerAuth } from 'incant/auth'
import { sendMetric } from 'incant/metrics'

@bearerAuth({ tokens: { env: 'TOKENS' } })
export default class Counter extends BasePredictor {
  async *predict({ to, hold }: { to: number; hold?: boolean }, { log, signal }: PredictContext): AsyncGenerator<{ count: number; progress: number }> {
    if (to < 0) throw new Error('private')
    log.info('counting \\u001b[31m', { to })
    sendMetric('goal', to)
    for (let count = 1; count <= to; count += 1) yield { count, progress: count / to }
    if (hold) await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  }
}
`

/** A server with jobs, the command, and what is printed without what differs from run to run. */
async function serveCounter() {
  const cwd = temporaryFolder({ 'predictor.ts': PREDICTOR, token: '# of this test\ncanary\n' })
  const env = { TOKENS: 'canary', INCANT_PROTOCOL: 'jobs', INCANT_WORKERS: '0' }
  const { url } = await serveFile(['predictor.ts'], { cwd, env }).ready()
  const submit = async (id: string, input: object) => {
    const headers = { authorization: 'Bearer canary', 'content-type': 'application/json', prefer: 'respond-async' }
    const body = JSON.stringify({ input, metadata: { of: id } })
    expect((await fetch(`${url}/predictions/${id}`, { method: 'PUT', headers, body })).status).toBe(202)
  }
  const untilOver = async (id: string) =>
    (await fetch(`${url}/predictions/${id}?wait=30`, { headers: { authorization: 'Bearer canary' } })).json()
  const run = async (action: string, ...words: string[]) => {
    const { code, stdout, stderr } = await runIncant(['jobs', action, url, '--token-file', 'token', ...words], { cwd })
    return { code, stdout: hideTimes(stdout), stderr: stderr.replaceAll(url, 'URL') }
  }
  return { cwd, url, submit, untilOver, run }
}

/** Times as they are printed, each as long as it was. */
function hideTimes(text: string): string {
  return text
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:]+(\.\d+)?Z/g, '2026-01-02T03:04:05$1Z')
    .replaceAll(/\.\d{3}Z/g, '.678Z')
    .replaceAll(/\b\d+\.\d\d s/g, '0.12 s')
}

test('jobs are listed, shown, canceled and retried, as the golden files show', async () => {
  const { submit, untilOver, run } = await serveCounter()
  for (const [id, input] of [
    ['first', { to: 2 }],
    ['second', { to: -1 }],
  ] as const) {
    await submit(id, input)
    await untilOver(id)
  }
  const list = await run('list')
  expect(list).toMatchObject({ code: 0, stderr: '' })
  await expect(list.stdout).toMatchFileSnapshot('golden/list.txt')
  await expect((await run('list', '--status', 'succeeded')).stdout).toMatchFileSnapshot('golden/list-succeeded.txt')
  await expect((await run('show', 'first')).stdout).toMatchFileSnapshot('golden/show.txt')
  await expect((await run('show', 'second')).stdout).toMatchFileSnapshot('golden/show-failed.txt')
  expect((await run('list', '--limit', '1')).stdout).not.toContain('first')
  expect((await run('list', '--status', 'canceled')).stdout).toBe('no jobs\n')

  const retried = await run('retry', 'first')
  const id = retried.stdout.trim()
  expect(retried).toEqual({ code: 0, stdout: expect.stringMatching(/^[a-z2-7]{26}\n$/), stderr: '' })
  expect(await untilOver(id)).toMatchObject({ status: 'succeeded', input: { to: 2 }, metadata: { of: 'first' } })
  expect(JSON.parse((await run('show', id, '--json')).stdout)).toMatchObject({
    id,
    output: [{ count: 1 }, { count: 2 }],
  })

  await submit('held', { to: 1, hold: true })
  expect(await run('cancel', 'held', 'first')).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^held (runs: it was asked to end|is canceled)\nfirst is succeeded\n$/),
    stderr: '',
  })
  expect(await untilOver('held')).toMatchObject({ status: 'canceled' })
})

test('pages are read until there are enough', async () => {
  const { submit, untilOver, run } = await serveCounter()
  const ids = Array.from({ length: 120 }, (_, index) => `job-${index}`)
  await Promise.all(ids.map(id => submit(id, { to: 1 })))
  await Promise.all(ids.map(untilOver))
  const listed = async (limit: string) =>
    JSON.parse((await run('list', '--json', '--limit', limit, '--status', 'succeeded')).stdout).length
  expect(await listed('110')).toBe(110)
  expect(await listed('1000')).toBe(120)
})

test('what cannot be done is said in one line, with a fix', async () => {
  const { cwd, url, run } = await serveCounter()
  const failure = (found: string, fix: string) => ({
    code: 1,
    stdout: '',
    stderr: `error[jobs_failed]: URL: ${found}\n  fix: ${fix}\n  docs: ${ERRORS_PAGE}#jobs_failed\n`,
  })
  expect(await run('show', 'none')).toEqual(
    failure('there is no job none of these credentials', 'To see those that there are, write: incant jobs list URL'),
  )
  const plain = async (words: readonly string[]) =>
    (await runIncant(['jobs', ...words], { cwd })).stderr.split('\n  docs')[0]
  expect(await plain(['list', url])).toBe(
    `error[jobs_failed]: ${url}: the server requires a token (401)\n  fix: Put it into a variable or a file: --token-env NAME or --token-file FILE.`,
  )
  expect(await plain(['list', 'http://127.0.0.1:1'])).toContain('nothing listens there')
  expect(await plain(['list'])).toContain('no server was given')
  expect(await plain(['show', url])).toContain('no job was given')
  expect(await plain(['show', url, 'a', 'b'])).toContain('incant jobs show takes one job, and 2 were given')
  expect(await plain(['list', url, '--status', 'done'])).toContain(
    '--status is "done"\n  fix: Use one of all, starting,',
  )
  expect(await plain(['list', url, '--limit', '0'])).toContain('--limit is "0"')
  expect(await plain(['lits', url])).toContain('Did you mean "list"?')
})

test('a job whose input is not kept is not retried, and what a stranger answers is no job', async () => {
  const answers = new Map<string, object>([
    ['/prefix/predictions/gone', { id: 'gone', status: 'succeeded', data_removed: true }],
    ['/prefix/predictions/kept-out', { id: 'kept-out', status: 'succeeded', data_removed: false }],
    ['/prefix/predictions/other', { hello: '\u001b[31m' }],
  ])
  const server = createServer((request, response) =>
    response.end(JSON.stringify(answers.get(request.url ?? ''))),
  ).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/prefix/`
  const retry = async (id: string) => (await runIncant(['jobs', 'retry', url, id], { cwd: temporaryFolder() })).stderr
  expect(await retry('gone')).toContain(
    'the input of the job gone is not there: its time was over\n  fix: Submit it again',
  )
  expect(await retry('kept-out')).toContain('is not there: the server does not keep inputs')
  expect(await retry('other')).toContain('its answer is no job')
})
