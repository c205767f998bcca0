// @module-tag slow
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { showRounds } from '../../../incant/test/readings/shown.ts'
import { ERRORS_PAGE } from '../errors-page.ts'
import { runIncant } from '../incant-process.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { serveMetrics } from './metrics-server.ts'

const top = (words: readonly string[], env = {}, cwd = temporaryFolder()) =>
  runIncant(['top', ...words, '--interval', '100ms'], { cwd, env })

describe('incant top where the output is no terminal', () => {
  it('prints one plain report of one interval', async () => {
    const server = await serveMetrics()
    const { code, stdout, stderr } = await top([server.url], { FORCE_COLOR: '1' })
    expect([code, stderr]).toEqual([0, ''])
    expect(server.requests).toHaveLength(2)
    expect(server.requests[0]?.accept).toContain('text/plain')
    const lines = stdout.split('\n')
    expect(lines[0]).toBe(`${server.url}  words:v2  incant 0.1.0, node 20.20.2`)
    expect(lines).toContainEqual(expect.stringMatching(/^requests\/s {2}\d+ {3}2xx \d+ {3}4xx [\d.]+ {3}5xx [\d.]+$/))
    expect(lines).toContain('restarts    exited 2 (+1)')
    expect(stdout).not.toContain('\u001b')
  })

  it('sends the token it finds in a variable, and nothing else does', async () => {
    const server = await serveMetrics({
      answer: (round, { authorization }) =>
        authorization === 'Bearer canary' ? { text: showRounds(round) } : { status: 401, text: '' },
    })
    const granted = await top([server.url, '--token-env', 'TOKEN', '--once'], { TOKEN: 'canary' })
    expect([granted.code, granted.stderr]).toEqual([0, ''])
    const asked = await top([server.url])
    expect([asked.code, asked.stdout, asked.stderr]).toEqual([
      1,
      '',
      `error[metrics_unavailable]: ${server.url}/metrics: the server requires a token (401)\n  fix: Put it into a variable or a file: --token-env NAME or --token-file FILE.\n  docs: ${ERRORS_PAGE}#metrics_unavailable\n`,
    ])
    const refused = await top([server.url, '--token-env', 'TOKEN'], { TOKEN: 'wrong' })
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('does not take the token (401)')])
  })

  it.each([
    [
      'no metrics',
      { status: 404, text: '' },
      'the server shows no metrics here (404)\n  fix: Ask from where its metrics are',
    ],
    ['a redirect', { status: 302, text: '' }, 'the server answers with status 302'],
    ['a page', { text: '<html>\u001b[31m</html>' }, "its answer is not Prometheus' text format: line 1 is no sample"],
    ['others', { text: 'node_cpu_seconds_total 1\n' }, 'it has metrics, and they are not those of an Incant server'],
    ['no end', { text: `# ${'x'.repeat(17_000_000)}\n` }, 'its answer is too long to be metrics'],
  ])('says what is wrong with an answer of %s', async (_, answer, message) => {
    const server = await serveMetrics({ answer: () => answer })
    const { code, stdout, stderr } = await top([server.url])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain(`error[metrics_unavailable]: ${server.url}/metrics: ${message}`)
    expect(stderr).not.toContain('\u001b')
  })

  it('says that nothing is there, or something else', async () => {
    const server = await serveMetrics()
    await server.stop()
    const gone = await top([server.url])
    expect([gone.code, gone.stderr]).toEqual([
      1,
      expect.stringContaining('nothing listens there\n  fix: Is it running'),
    ])
    const other = createServer(socket => socket.end('220 mail ready\r\n')).listen(0, '127.0.0.1')
    onTestFinished(() => void other.close())
    await once(other, 'listening')
    const { port } = other.address() as { port: number } // a server on TCP has one
    const talk = await top([`127.0.0.1:${port}`])
    expect([talk.code, talk.stderr]).toEqual([
      1,
      expect.stringContaining('the server cannot be reached: it does not speak HTTP'),
    ])
  })

  it('ends where the server goes away before the second reading', async () => {
    const server = await serveMetrics({
      answer: round => (round === 1 ? { text: showRounds(1) } : { status: 500, text: '' }),
    })
    expect(await top([server.url])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('status 500'),
    })
  })

  it('trusts the authority it is given, and no other', { timeout: 60_000 }, async () => {
    const folder = temporaryFolder()
    await runIncant(['cert', 'dev', '--out', '.'], { cwd: folder })
    const read = (name: string) => readFileSync(join(folder, name))
    const server = await serveMetrics({ tls: { cert: read('cert.pem'), key: read('key.pem') } })
    const trusting = await top([server.url, '--ca', 'ca.pem'], {}, folder)
    expect([trusting.code, trusting.stderr]).toEqual([0, ''])
    const { code, stderr } = await top([server.url])
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/its certificate is not trusted \(\w+\)\n {2}fix: Name the authority/),
    ])
    expect((await top([server.url.replace('https', 'http')])).stderr).toContain('cannot be reached')
  })
})
