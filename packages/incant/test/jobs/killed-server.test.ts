import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findFreePort } from '../../../../tests/free-port.ts'
import { type EndedJob, ModelClient } from '../../src/client/index.ts'
import { hasPostgres, type PostgresServer, startPostgres } from './_postgres.ts'

const COMMAND = fileURLToPath(new URL('../../../cli/bin/incant.js', import.meta.url))
const PREDICTOR = fileURLToPath(new URL('../../../../tests/jobs/sleeper.ts', import.meta.url))

describe.runIf(hasPostgres)('servers that are killed', { tags: ['slow'], timeout: 300_000 }, () => {
  let postgres: PostgresServer
  const running = new Set<ChildProcess>()

  beforeAll(async () => {
    postgres = await startPostgres()
  }, 120_000)

  afterAll(async () => {
    for (const server of running) server.kill('SIGKILL')
    await postgres?.remove()
  }, 60_000)

  async function serve(port: number): Promise<ChildProcess> {
    const words = ['serve', PREDICTOR, '--port', `${port}`, '--protocol', 'jobs', '--jobs-store', postgres.url]
    const options = ['--webhook-allow', '127.0.0.0/8', '--concurrency', '4', '--workers', '0', '--log-level', 'error']
    const server = spawn(process.execPath, [COMMAND, ...words, ...options], { stdio: 'ignore' })
    running.add(server)
    while (!(await new ModelClient(`http://127.0.0.1:${port}`).ready())) {
      expect(server.exitCode).toBeNull()
      await new Promise(resolve => setTimeout(resolve, 100))
    }
    return server
  }

  async function kill(server: ChildProcess): Promise<void> {
    server.kill('SIGKILL')
    await once(server, 'exit')
    running.delete(server)
  }

  test('each job ends once, none is lost, and each end is reported with one id', async () => {
    const ids = new Map<string, Set<string>>()
    const sink = createServer(async (request, response) => {
      const job = (await json(request)) as EndedJob
      ids.set(job.id, (ids.get(job.id) ?? new Set()).add(String(request.headers['webhook-id'])))
      response.end()
      sink.emit('noted')
    })
    sink.listen(0, '127.0.0.1')
    await once(sink, 'listening')
    const webhook = `http://127.0.0.1:${(sink.address() as AddressInfo).port}/`
    const port = await findFreePort()
    const model = new ModelClient(`http://127.0.0.1:${port}`)
    const submitted: string[] = []
    let server = await serve(port)
    for (let round = 0; round < 3; round += 1) {
      for (let job = 0; job < 20; job += 1) {
        const options = { webhook, webhookEvents: ['completed'] } as const
        submitted.push((await model.submit({ milliseconds: 50 }, options)).id)
      }
      await kill(server)
      server = await serve(port)
    }
    const ended = await Promise.all(submitted.map(id => model.wait(id)))
    const lost = ended.filter(({ status }) => status === 'failed')
    expect(ended.filter(({ status }) => status === 'succeeded').length + lost.length).toBe(60)
    expect(lost.length).toBeLessThanOrEqual(12)
    while (ids.size < submitted.length) await once(sink, 'noted')
    expect([...ids.values()].every(({ size }) => size === 1)).toBe(true)
    sink.close()
  })
})
