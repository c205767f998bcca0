import { once } from 'node:events'
import { expect, it } from 'vitest'
import { awaitEnd } from '../../src/replica/replica-death.ts'
import { spawnReplica } from '../../src/replica/spawn-replica.ts'
import { ClaimLine } from '../../src/replica/wire/claim-line.ts'
import { isAlive } from './_replicas.ts'

it('loses nothing that a replica said before it died, whatever its front writes to it meanwhile', async () => {
  const main = new URL('./fixtures/begins-and-exits.js', import.meta.url)
  const { child, channel, claims } = spawnReplica({ index: 0, main, execArgv: [], env: {} })
  const started: number[] = []
  const said: string[] = []
  const line = new ClaimLine(
    claims,
    n => started.push(n),
    () => {},
  )
  channel.input.on('data', chunk => said.push(String(chunk)))
  const end = awaitEnd(child)
  await once(child, 'spawn')
  // Held up: nothing is read until the other end is gone.
  const until = Date.now() + 10_000
  while (isAlive(child.pid ?? 0) && Date.now() < until);
  line.takeBack(8)
  channel.output.write('a call')
  expect(await end).toEqual({ code: 7, signal: null })
  expect([started, said]).toEqual([[7], ['an answer']])
})
