// @module-tag slow
import { expect, it, vi } from 'vitest'
import { askStatus, block, NOTHING, serveReplicas, untilReady } from './_replicas.ts'

// As where neither /dev/shm nor the folder for temporary files can be written to.
vi.mock('../../src/replica/wire/begun-file.ts', () => ({
  BegunFile: class {
    readonly fd = undefined
    has = () => false
    close = () => {}
  },
}))

it('knows of a replica that dies which calls predict had begun, without a file', async () => {
  const served = await serveReplicas('misbehaving.js', { workers: 2 })
  const calls = Array.from({ length: 60 }, (_, index) =>
    askStatus(served, index === 20 ? { fault: 'exit' } : { wait: 5 }),
  )
  const statuses = await Promise.all(calls)
  expect(statuses[20]).toBe(500)
  expect(new Set(statuses)).toEqual(new Set([200, 500]))
  expect(served.engine.restarts.get('exited')).toBe(1)
  await untilReady(served, 2)
})

it('moves calls that wait to a replica that is free, without a file', async () => {
  const served = await serveReplicas('misbehaving.js', { workers: 2 })
  const { blocked, release } = await block(served)
  const statuses = await Promise.all(Array.from({ length: 30 }, () => askStatus(served, {})))
  expect(new Set(statuses)).toEqual(new Set([200]))
  release()
  expect((await blocked).status).toBe(200)
  expect(served.engine.load).toEqual(NOTHING)
})
