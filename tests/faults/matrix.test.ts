import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { serveFile } from '../../packages/cli/test/incant-process.ts'
import { temporaryFolder } from '../../packages/cli/test/temporary-folder.ts'
import {
  callPredict,
  type FaultyServer,
  freeze,
  hangOnOpen,
  mountSmallDisk,
  parseLog,
  startServer,
  stop,
} from './_server.ts'

// For each fault of the machine: what callers saw, what the log says, what is counted. Answers that break while they are
// sent are in packages/incant/test/replica/broken-answers.test.ts, in the same form.

const BUSY = `import { BasePredictor } from 'incant'

export default class Predictor extends BasePredictor {
  predict({ loop = false, block = 0 }: { loop?: boolean; block?: number }): number {
    const until = performance.now() + block
    while (loop || performance.now() < until);
    return process.pid
  }
}
`

/**
 * Milliseconds until it is stopped, without those by which timers are late: on a machine that is busy otherwise, those of the
 * server are late, too.
 */
function startClock(): { stop(): number } {
  const interval = 25
  let ticks = 0
  const timer = setInterval(() => {
    ticks += 1
  }, interval)
  return {
    stop: () => {
      clearInterval(timer)
      return ticks * interval
    },
  }
}

const errorsOf = (server: FaultyServer) => server.log().filter(({ level }) => level === 'error')
const messagesOf = (server: FaultyServer) => errorsOf(server).map(({ msg }) => msg)

describe('a date that is set while a call runs', () => {
  /** A server whose date a file says; all of its other clocks are those of the machine. */
  async function startWithDate(words: readonly string[]) {
    const date = join(temporaryFolder({ date: '+0' }), 'date')
    const library = execFileSync('sh', ['-c', 'dpkg -L libfaketime | grep "/libfaketime.so"'], {
      encoding: 'utf8',
    }).trim()
    const variables = [`LD_PRELOAD=${library}`, `FAKETIME_TIMESTAMP_FILE=${date}`, 'FAKETIME_NO_CACHE=1']
    const through = ['env', ...variables, 'FAKETIME_DONT_FAKE_MONOTONIC=1', 'DONT_FAKE_MONOTONIC=1']
    const server = await startServer({ predictor: BUSY, words, through })
    expect(await server.call({})).toBe(200)
    return { server, setDate: (offset: string) => writeFileSync(date, offset) }
  }

  const dateOf = (line: object | undefined) => Date.parse(String((line as { time?: string } | undefined)?.time))

  it.each(['-3600', '+3600'])(
    'by %s s: one that hangs is a 504 at its deadline, and its replica is replaced',
    async offset => {
      const { server, setDate } = await startWithDate(['--request-timeout', '1s', '--hang-timeout', '500ms'])
      const call = server.call({ loop: true })
      setTimeout(() => setDate(offset), 400)
      expect(await call).toBe(504)
      const metrics = await server.metrics(
        found => found.value('incant_replica_restarts_total', { reason: 'hang' }) === 1,
      )
      expect(metrics.value('incant_requests_total', { route: '/predict', status: '504' })).toBe(1)
      await expect.poll(() => messagesOf(server)).toEqual(['a replica died: hang (signal SIGKILL)'])
      // The date was set, or this would show nothing.
      expect(Math.abs(dateOf(errorsOf(server)[0]) - Date.now())).toBeGreaterThan(3_000_000)
      await expect.poll(() => server.call({})).toBe(200)
      expect(await stop(server)).toBe(0)
    },
  )

  it.each(['-3600', '+3600'])('by %s s: one that computes is left alone', async offset => {
    const { server, setDate } = await startWithDate(['--request-timeout', '60s', '--hang-timeout', '100ms'])
    const call = server.call({ block: 2500 })
    setTimeout(() => setDate(offset), 400)
    expect(await call).toBe(200)
    const metrics = await server.metrics(
      found => found.value('incant_requests_total', { route: '/predict', status: '200' }) === 2,
    )
    expect(metrics.sum('incant_replica_restarts_total')).toBe(0)
    expect(messagesOf(server)).toEqual([])
    expect(await stop(server)).toBe(0)
  })
})

describe('a replica that stands still', () => {
  const stopBySignal = (pid: number) => {
    process.kill(pid, 'SIGSTOP')
    return { thaw: () => void process.kill(pid, 'SIGCONT') }
  }

  it.for([
    ['a signal', stopBySignal],
    ['the freezer of a container', freeze],
  ] as const)('by %s costs its callers less than a second, while another is free', async ([, freezeWith], { skip }) => {
    const server = await startServer({ predictor: BUSY, words: ['--workers', '2', '--health-details'] })
    const pids = new Set<number>()
    while (pids.size < 2) {
      const answers = await Promise.all(
        Array.from({ length: 4 }, () => fetch(`${server.url}/predict`, { method: 'POST', body: '{"block":5}' })),
      )
      for (const answer of answers) pids.add(Number(await answer.text()))
    }
    const [frozen = 0] = pids
    const stopped = freezeWith(frozen) ?? skip('no control group can be made here')
    const clock = startClock()
    expect(await Promise.all(Array.from({ length: 8 }, () => server.call({})))).toEqual(Array(8).fill(200))
    expect(clock.stop()).toBeLessThan(1000)
    const metrics = await server.metrics(
      found => (found.value('incant_requests_total', { route: '/predict', status: '200' }) ?? 0) >= 8,
    )
    expect([metrics.value('incant_requests_total', { status: '504' }), messagesOf(server)]).toEqual([undefined, []])
    stopped.thaw()
    expect(await stop(server)).toBe(0)
  })
})

describe('a log whose disk is full', () => {
  it('goes on when there is room: no line is cut, and one says that there was none', async () => {
    const disk = mountSmallDisk(64 * 1024)
    const file = join(disk, 'log')
    const through = ['sh', '-c', `exec "$@" >> ${file}`, 'sh']
    const folder = temporaryFolder({ 'predictor.ts': BUSY })
    const server = serveFile(['predictor.ts', '--log-rate', '0'], { cwd: folder, through })
    const log = () => parseLog(readFileSync(file, 'utf8'))
    await expect.poll(() => log().some(line => 'curl' in line)).toBe(true)
    const url = String(log().find(line => 'curl' in line)?.['url'])
    fill(join(disk, 'filler'))
    const statuses = await Promise.all(Array.from({ length: 60 }, () => callPredict(url, {})))
    expect(statuses).toEqual(Array(60).fill(200))
    await expect.poll(() => server.output.stderr).toContain('the log cannot be written (ENOSPC)')
    rmSync(join(disk, 'filler'))
    expect(await callPredict(url, {})).toBe(200)
    const requests = () => log().filter(({ msg, route }) => msg === 'request' && route === '/predict')
    await expect.poll(() => requests().length).toBe(61)
    expect(log().filter(({ msg }) => msg === 'the log could not be written for a while')).toMatchObject([
      { level: 'warn', reason: 'ENOSPC', lost: 0 },
    ])
    server.kill('SIGTERM')
    expect((await server.ended).code).toBe(0)
  })

  function fill(path: string): void {
    for (const size of [4096, 1]) {
      try {
        for (;;) writeFileSync(path, Buffer.alloc(size), { flag: 'a' })
      } catch (thrown) {
        if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOSPC')) throw thrown
      }
    }
  }
})

describe('a folder of temporary files that is full', () => {
  const FORMS = `import { BasePredictor } from 'incant'

export default class Predictor extends BasePredictor {
  predict(form: FormData): number {
    const file = form.get('file')
    return file instanceof File ? file.size : 0
  }
}
`

  it('before a large form is, keeps the form in memory: its caller notices nothing', async () => {
    const disk = mountSmallDisk(2 * 1024 ** 2)
    const server = await startServer({ predictor: FORMS, through: ['env', `TMPDIR=${disk}`] })
    const size = 5_000_000
    const form = new FormData()
    form.set('file', new File([new Uint8Array(size)], 'a.bin'))
    const response = await fetch(`${server.url}/predict`, { method: 'POST', body: form })
    expect([response.status, await response.text()]).toEqual([200, String(size)])
    const metrics = await server.metrics(
      found => found.value('incant_requests_total', { route: '/predict', status: '200' }) === 1,
    )
    expect([metrics.value('incant_requests_total', { status: '500' }), messagesOf(server)]).toEqual([undefined, []])
    expect(readdirSync(disk).filter(name => name.startsWith('incant-'))).toEqual([])
    expect(await stop(server)).toBe(0)
  })
})

describe.each([
  [
    'bearerAuth',
    `bearerAuth({ tokens: { file: 'secrets' } })`,
    (token: string) => ({ authorization: `Bearer ${token}` }),
  ],
  ['apiKeyAuth', `apiKeyAuth({ tokens: { file: 'secrets' } })`, (token: string) => ({ 'x-api-key': token })],
  [
    'basicAuth',
    `basicAuth({ tokenOnly: true, tokens: { file: 'secrets' } })`,
    (token: string) => ({ authorization: `Basic ${Buffer.from(token).toString('base64')}` }),
  ],
] as const)('the file of %s', (_name, strategy, headersOf) => {
  const predictor = `import { BasePredictor } from 'incant'
import { apiKeyAuth, basicAuth, bearerAuth } from 'incant/auth'
void [apiKeyAuth, basicAuth, bearerAuth]

@${strategy}
export default class Predictor extends BasePredictor {
  predict(): number { return 1 }
}
`

  const start = async () => {
    const server = await startServer({ predictor, files: { secrets: 'old-secret\n' } })
    const call = (token: string) => server.call({}, headersOf(token))
    expect(await call('old-secret')).toBe(200)
    return { server, call, file: join(server.folder, 'secrets') }
  }

  it.each([
    ['a named pipe', (file: string) => void execFileSync('mkfifo', [file])],
    ['a folder', (file: string) => mkdirSync(file)],
  ])('whose place %s takes: callers notice nothing, and the next file is read', async (kind, place) => {
    const { server, call, file } = await start()
    rmSync(file)
    place(file)
    await expect
      .poll(async () => [await call('old-secret'), errorsOf(server)[0]?.['reason']])
      .toEqual([200, expect.stringContaining(`is ${kind} and not a regular file`)])
    expect((await fetch(`${server.url}/livez`)).status).toBe(200)
    rmSync(file, { recursive: true })
    writeFileSync(file, 'new-secret\n')
    await expect.poll(async () => [await call('new-secret'), await call('old-secret')]).toEqual([200, 401])
    expect(messagesOf(server)).toEqual(['cannot reload secrets, still using the previous ones'])
    const metrics = await server.metrics(found => found.sum('incant_auth_refusals_total') > 0)
    expect(metrics.value('incant_requests_total', { status: '503' })).toBeUndefined()
    expect(await stop(server)).toBe(0)
  })

  it('that hangs: one call waits a second, the others do not, and SIGTERM ends the server', async () => {
    const { server, call, file } = await start()
    writeFileSync(`${file}.next`, 'new-secret\n')
    const { release } = await hangOnOpen(`${file}.next`)
    renameSync(`${file}.next`, file)
    await expect
      .poll(async () => [await call('old-secret'), errorsOf(server)[0]?.['reason']])
      .toEqual([200, expect.stringMatching(/secrets does not answer$/)])
    expect([await call('old-secret'), (await fetch(`${server.url}/livez`)).status]).toEqual([200, 200])
    release()
    await expect.poll(async () => [await call('new-secret'), await call('old-secret')]).toEqual([200, 401])
    expect(await stop(server)).toBe(0)
  })
})

describe('a file that hangs at the start', () => {
  const strategies = {
    'of secrets': `bearerAuth({ tokens: { file: 'hanging' } })`,
    'of tokens': `bearerAuth({ tokens: tokenFile('hanging') })`,
  }
  const predictorOf = (strategy: string) => `import { BasePredictor } from 'incant'
import { bearerAuth, tokenFile } from 'incant/auth'
void [bearerAuth, tokenFile]

${strategy}
export default class Predictor extends BasePredictor {
  predict(): number { return 1 }
}
`
  it.each<[name: string, decorator: string, words: string[], code: string]>([
    ...Object.entries(strategies).map(([name, made]): [string, string, string[], string] => [
      name,
      `@${made}`,
      [],
      'invalid_auth',
    ]),
    ['of a certificate', '', ['--tls-cert', 'hanging', '--tls-key', 'hanging'], 'invalid_tls'],
  ])('%s: the start ends, and says which file it is', async (_name, decorator, words, code) => {
    const folder = temporaryFolder({ 'predictor.ts': predictorOf(decorator), hanging: 'a-secret\n' })
    await hangOnOpen(join(folder, 'hanging'))
    const server = serveFile(['predictor.ts', ...words], { cwd: folder })
    await server.ended
    expect(server.output.stderr).toContain(`error[${code}]`)
    expect(server.output.stderr).toMatch(/hanging does not answer/)
  })
})

describe('a file that hangs for good', () => {
  it('keeps no server from ending', async () => {
    const predictor = `import { BasePredictor } from 'incant'
import { bearerAuth, tokenFile } from 'incant/auth'

@bearerAuth({ tokens: tokenFile('tokens.json') })
export default class Predictor extends BasePredictor {
  predict(): number { return 1 }
}
`
    const server = await startServer({ predictor, files: { 'tokens.json': '{"version":1,"tokens":[]}' } })
    const file = join(server.folder, 'tokens.json')
    writeFileSync(`${file}.next`, '{"version":1,"tokens":[]}', { mode: 0o600 })
    await hangOnOpen(`${file}.next`)
    renameSync(`${file}.next`, file)
    await expect.poll(() => errorsOf(server)[0]?.['reason']).toMatch(/tokens\.json does not answer$/)
    // By SIGKILL, at the very end: Node waits for its threads when it exits.
    expect(await stop(server)).toBe(null)
    expect(server.log().at(-1)).toMatchObject({
      level: 'error',
      msg: 'files do not respond: ending the process with SIGKILL',
    })
  })
})
