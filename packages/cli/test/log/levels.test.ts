// @module-tag slow
import { createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { startIncant } from '../incant-process.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const PREDICTOR = `import { BasePredictor, type PredictContext } from 'incant'
export default class Predictor extends BasePredictor {
  predict(payload: string, { log }: PredictContext) {
    console.debug('debug')
    console.info('info')
    process.stdout.write('stdout\\n')
    console.warn('warn')
    process.stderr.write('stderr\\n')
    log.log('error', 'error')
    return payload
  }
}
`

/** A port that was free a moment ago. */
function findPort(): Promise<number> {
  return new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0))
    })
  })
}

/** What is written for one call at a level. */
async function outputAt(level: string, ...words: readonly string[]): Promise<string> {
  const cwd = temporaryFolder({ 'predictor.ts': PREDICTOR })
  const port = await findPort()
  const url = `http://127.0.0.1:${port}`
  const all = ['serve', 'predictor.ts', ...words, '--log-level', level, '--port', String(port), '--drain-delay', '0s']
  const server = startIncant(all, { cwd })
  await untilReady(url)
  await (await fetch(`${url}/predict`, { method: 'POST', headers: { 'x-request-id': 'r1' }, body: '"a"' })).text()
  server.kill('SIGTERM')
  const { stdout, stderr } = await server.ended
  expect(stderr).toBe('')
  return stdout
}

async function untilReady(url: string): Promise<void> {
  for (;;) {
    const response = await fetch(`${url}/ready`).catch(() => undefined)
    if (response?.status === 200) return
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

const QUIET = ['debug', 'info', 'stdout']
const LOUD = ['warn', 'stderr', 'error']

describe.each(['0', '1'])('with --workers %s, --log-level', workers => {
  test.each([
    ['debug', [...QUIET, ...LOUD, 'request']],
    ['info', [...QUIET.slice(1), ...LOUD, 'request']],
    ['warn', LOUD],
    ['error', ['error']],
    ['silent', []],
  ])('%s', async (level, messages) => {
    const stdout = await outputAt(level, '--workers', workers, '--log-format', 'json')
    const lines = stdout.split('\n').filter(line => line.includes('"r1"'))
    expect(lines.map(line => (JSON.parse(line) as { msg: string }).msg)).toEqual(messages)
    if (level === 'silent') expect(stdout).toBe('')
  })
})

test('--log-format pretty shows what a replica writes as lines for people', async () => {
  const stdout = await outputAt('info', '--log-format', 'pretty')
  expect(stdout).toMatch(/^\d\d:\d\d:\d\d POST \/predict 200 [\d.]+ ms \d+ B {2}r1\n {11}info\n {11}stdout\n/m)
  expect(stdout).toMatch(/^ {11}warn stderr$/m)
})
