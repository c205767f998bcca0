// @module-tag slow
import { describe, expect, it } from 'vitest'
import { eventually } from '../node/_served.ts'
import { ask, type ReplicaOptions, type ServedReplicas, serveReplicas, startReplicas, untilReady } from './_replicas.ts'

interface Surroundings {
  readonly pid: number
  readonly device?: string
  readonly execArgv: readonly string[]
  readonly heap: number
}

/** What each replica says, by its process. */
async function askAll(served: ServedReplicas): Promise<Map<number, Surroundings>> {
  const told = new Map<number, Surroundings>()
  const askSome = async (): Promise<boolean> => {
    const askOne = async (): Promise<Surroundings> => (await ask(served, {})).json() as Promise<Surroundings>
    const answers = await Promise.all(Array.from({ length: 8 }, askOne))
    for (const answer of answers) told.set(answer.pid, answer)
    return served.engine.replicas.every(({ pid }) => told.has(pid ?? 0))
  }
  await expect.poll(askSome).toBe(true)
  return told
}

describe('the process of a replica', () => {
  it('has its own value of a variable, also after it was replaced', async () => {
    const served = await serveReplicas('surroundings.js', { workers: 2, workerEnv: 'CUDA_VISIBLE_DEVICES=3,5' })
    const devices = async () => [...(await askAll(served)).values()].map(({ device }) => device).sort()
    expect(await devices()).toEqual(['3', '5'])
    const [first] = served.engine.replicas
    process.kill(first?.pid ?? 0, 'SIGKILL')
    await eventually(() => served.engine.restarts.size > 0)
    await untilReady(served, 2)
    expect(await devices()).toEqual(['3', '5'])
  })

  it('has the options of Node that are given, and the heap', async () => {
    const options: ReplicaOptions = { workerExecArgv: ['--expose-gc', '--no-warnings'], maxHeap: '200MiB' }
    const [told] = (await askAll(await serveReplicas('surroundings.js', options))).values()
    expect(told?.execArgv).toEqual(['--expose-gc', '--no-warnings', '--max-old-space-size=200'])
    // V8 adds the young generation to what it is told of the old; by itself it takes gigabytes.
    expect(told?.heap).toBeGreaterThanOrEqual(200 * 1024 ** 2)
    expect(told?.heap).toBeLessThan(600 * 1024 ** 2)
  })

  it.each(['CUDA_VISIBLE_DEVICES', '=0,1', '1X=0', 'A=0,,1'])('refuses the environment %j', async workerEnv => {
    await expect(startReplicas('surroundings.js', { workerEnv })).rejects.toMatchObject({
      code: 'invalid_option',
      message: expect.stringContaining('the option "workerEnv" is not a name and its values'),
    })
  })
})
