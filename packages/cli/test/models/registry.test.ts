// @module-tag slow
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { findFreePort } from '../../../../tests/free-port.ts'
import type { Listed } from '../../src/models/show.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { testStore } from './store.ts'

// `.ci/run models` installs it, and says where.
const { MODEL_REGISTRY: REGISTRY = '/usr/bin/docker-registry' } = process.env
const isThere = process.env['MODEL_REGISTRY'] !== undefined || existsSync(REGISTRY)

/** Debian's registry, with what it wrote to its log. */
async function startRegistry(): Promise<{ readonly host: string; log(): string }> {
  const port = await findFreePort()
  const folder = temporaryFolder({
    'config.yml': `version: 0.1\nlog: { accesslog: { disabled: false } }\nstorage: { filesystem: { rootdirectory: data } }\nhttp: { addr: "127.0.0.1:${port}" }\n`,
  })
  const child: ChildProcess = spawn(REGISTRY, ['serve', join(folder, 'config.yml')], {
    cwd: folder,
    env: { ...process.env, OTEL_TRACES_EXPORTER: 'none' },
  })
  onTestFinished(async () => {
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  })
  let log = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', chunk => {
      log += chunk
    })
  const host = `127.0.0.1:${port}`
  await expect
    .poll(() =>
      fetch(`http://${host}/v2/`).then(
        ({ status }) => status,
        () => 0,
      ),
    )
    .toBe(200)
  return { host, log: () => log }
}

it.runIf(isThere)('a registry gives back the version that it was given, and is sent no blob twice', async () => {
  const [one, other, registry] = [testStore(), testStore(), await startRegistry()]
  const folder = temporaryFolder({ 'a.bin': 'a', 'weights.bin': 'w'.repeat(6 * 1024 ** 2) })
  const { digest } = await one.json<Listed>('create', 'words', folder)
  const uploads = () => registry.log().match(/"PUT \/v2\/models\/words\/blobs\/uploads/g)?.length ?? 0
  const pushed = await one.run('push', 'words', `${registry.host}/models/words`)
  await expect.poll(uploads).toBe(3)
  expect((await one.run('push', 'words', `${registry.host}/models/words`)).stderr).toBe('sent 0 blobs, 0 B\n')
  await other.run('pull', pushed.stdout.trim())
  expect((await other.json<Listed>('describe', 'words:v1')).digest).toBe(digest)
  expect((await other.run('verify')).code).toBe(0)
  expect(uploads()).toBe(3)
})
