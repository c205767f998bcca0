import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tokenFile } from '../../../src/auth/tokens/token-file.ts'
import { temporaryFolder } from './_files.ts'
import type { Operation, Written } from './_writer.ts'

const WRITER = fileURLToPath(new URL('_writer.ts', import.meta.url))

describe('two processes that change the same file', () => {
  let writers: readonly ChildProcess[]

  beforeAll(async () => {
    writers = [0, 1].map(() => fork(WRITER, { execArgv: ['--import', 'tsx'] }))
    await Promise.all(writers.map(writer => once(writer, 'message')))
  })

  afterAll(() => {
    for (const writer of writers) writer.kill('SIGKILL')
  })

  async function tell(writer: ChildProcess, path: string, operations: readonly Operation[]): Promise<Written> {
    writer.send({ path, operations })
    const [answer] = await once(writer, 'message')
    expect(answer).toHaveProperty('written')
    return answer.written
  }

  it('never lose what the other did, and leave nothing beside the file', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'tokens.json')
    const operation = fc.record({ kind: fc.constantFrom('create', 'rotate', 'revoke'), index: fc.nat(20) })
    const operations = fc.array(operation, { minLength: 5, maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(operations, operations, async (...plans) => {
        rmSync(path, { force: true })
        const written = await Promise.all(writers.map((writer, index) => tell(writer, path, plans[index] ?? [])))
        const tokens = existsSync(path) ? await tokenFile(path).list() : []
        const ids = (wanted: typeof tokens) => wanted.map(({ id }) => id).sort()
        expect(ids(tokens)).toEqual(written.flatMap(({ made }) => made).sort())
        expect(ids(tokens.filter(token => token.revoked !== undefined))).toEqual(
          written.flatMap(({ revoked }) => revoked).sort(),
        )
        expect(readdirSync(folder).filter(name => name !== 'tokens.json')).toEqual([])
      }),
      { numRuns: 12 },
    )
  })
})
