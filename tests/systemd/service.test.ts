import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildBundles } from '../bundle/build-words.ts'
import { Machine } from './_machine.ts'

const COMMAND = fileURLToPath(new URL('../../packages/cli/bin/incant.js', import.meta.url))
const LOAD = fileURLToPath(new URL('../cluster/load.js', import.meta.url))
const URL_OF_WORDS = 'http://127.0.0.1:8000/predict'
const HELLO = JSON.stringify({ text: 'hello' })

let scratch: string
let machine: Machine

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'incant-systemd-'))
  const [words = ''] = buildBundles(scratch, ['predictor'])
  const served = join(scratch, 'srv')
  cpSync(words, join(served, 'one'), { recursive: true })
  cpSync(words, join(served, 'two'), { recursive: true })
  for (const version of ['1', '2', 'torn']) writeFileSync(join(served, `${version}.env`), `VERSION=${version}\n`)
  chmodSync(served, 0o755)
  machine = new Machine(served)
  await machine.started()
})

afterAll(async () => {
  await machine.stop()
  rmSync(scratch, { recursive: true })
})

/** Runs `incant` on the machine. */
const incant = (...words: readonly string[]) => machine.run(process.execPath, COMMAND, ...words)

/** Runs `incant`, which must succeed, and returns what it prints. */
async function incantOK(...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await incant(...words)
  expect({ code, stderr }, words.join(' ')).toMatchObject({ code: 0 })
  return stdout
}

test('a service is installed, started by the command that is printed, and as restricted as it says', async () => {
  const settings = ['--env-file', '/srv/1.env', '--', '--workers', '1', '--drain-delay', '1s']
  const printed = await incantOK('install', 'words', '/srv/one', ...settings)
  const [, command = ''] = /^to start it: (.*)$/m.exec(printed) ?? []
  expect(await machine.run('bash', '-c', command)).toMatchObject({ code: 0 })
  await incantOK('server', 'start', 'words', '--local')
  expect(await version()).toBe('1')

  const units = ['service', 'socket'].map(kind => `/etc/systemd/system/incant-words.${kind}`)
  expect(await machine.run('systemd-analyze', 'verify', '--man=no', ...units)).toEqual({
    code: 0,
    stdout: '',
    stderr: '',
  })
  const rated = await machine.run('systemd-analyze', 'security', '--threshold=20', '--no-pager', 'incant-words.service')
  expect(rated.code).toBe(0)
  console.log(/Overall exposure level.*/.exec(rated.stdout)?.[0])
})

test('no call is refused while the service restarts, and while it loads the predictor anew', async () => {
  const load = startLoad()
  for (let round = 0; round < 3; round++)
    expect(await machine.run('systemctl', 'restart', 'incant-words.service')).toMatchObject({ code: 0 })
  expect(await machine.run('systemctl', 'reload', 'incant-words.service')).toMatchObject({ code: 0 })
  const { results } = await endLoad(load, 300)
  expectNoneRefused(results)
  console.log(`restarts: ${JSON.stringify(results)}`)
})

test('an update restarts the server as another bundle, a rollback as the one before, and no call is refused', async () => {
  const load = startLoad()
  await incantOK('server', 'update', 'words', '/srv/two', '--local', '--env-file', '/srv/2.env')
  expect(await version()).toBe('2')
  await incantOK('server', 'rollback', 'words', '--local')
  expect(await version()).toBe('1')
  expect(await incantOK('server', 'describe', 'words', '--local')).toContain('incant install words /srv/one --listen')
  const { results, versions } = await endLoad(load, 300)
  expectNoneRefused(results)
  expect(versions).toMatchObject({ 1: expect.any(Number), 2: expect.any(Number) })
  console.log(`updates: ${JSON.stringify({ results, versions })}`)
})

test('an update that crashes is put back, with the last words of the server, while calls wait', async () => {
  const load = startLoad()
  const torn = await incant('server', 'update', 'words', '--local', '--env-file', '/srv/torn.env')
  expect(torn.code).toBe(1)
  expect(torn.stderr).toContain('setup() threw: the weights are torn')
  expect(await version()).toBe('1')
  const { results } = await endLoad(load, 100)
  expectNoneRefused(results)
})

test('a server is listed, asked, stopped, started and removed', async () => {
  expect(JSON.parse(await incantOK('server', 'list', '--local', '--json'))).toEqual([
    { name: 'words', state: 'ready', address: 'http://127.0.0.1:8000', target: '/srv/one' },
  ])
  expect(await incantOK('server', 'healthcheck', 'words', '--local')).toContain('ok')
  expect(await incantOK('server', 'logs', 'words', '--local', '--tail', '5000')).toContain('"msg":"ready"')
  await incantOK('server', 'stop', 'words', '--local')
  expect(await incant('server', 'status', 'words', '--local')).toMatchObject({
    code: 1,
    // The update that crashed may have been started again before it was put back.
    stdout: expect.stringMatching(/^words is stopped; restarts after a crash: \d+\n$/),
  })
  await incantOK('server', 'start', 'words', '--local')
  expect((await incant('server', 'rm', 'words', '--local')).stderr).toContain('Stop it first')
  await incantOK('server', 'rm', 'words', '--local', '--force')
  expect((await incant('server', 'status', 'words', '--local')).stderr).toContain('there is no server words')
  expect(await incantOK('server', 'list', '--local')).toBe('no servers\n')
})

/** Calls wait in the socket, which the server stops taking connections from as it begins to drain. */
function expectNoneRefused(results: Readonly<Record<string, number>>): void {
  expect(results).toEqual({ 200: expect.any(Number) })
}

async function version(): Promise<string> {
  return JSON.parse(await incantOK('server', 'predict', 'words', '--local', '--data', HELLO)).version
}

function startLoad(): ChildProcess {
  const [enter = '', ...rest] = [...machine.enter(), process.execPath, LOAD, URL_OF_WORDS, '4', HELLO]
  return spawn(enter, rest, { stdio: ['pipe', 'pipe', 'inherit'] })
}

async function endLoad(load: ChildProcess, atLeast: number) {
  let text = ''
  load.stdout?.on('data', chunk => {
    text += String(chunk)
  })
  load.stdin?.end(String(atLeast))
  await once(load, 'close')
  return JSON.parse(text)
}
