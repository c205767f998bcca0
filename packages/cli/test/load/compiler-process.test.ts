import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { serveFile, startIncant } from '../incant-process.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const PREDICTOR = `import { BasePredictor } from 'incant'
export default class Predictor extends BasePredictor {
  predict(payload: { text: string }): number { return payload.text.length }
}
`

interface Process {
  readonly id: number
  readonly name: string
  readonly state: string
}

// /proc/[pid]/stat, proc(5): the id, the name in parentheses, the state, the parent's id.
function childrenOf(parent: number): Process[] {
  return readdirSync('/proc').flatMap(entry => {
    const [, id, name = '', state = '', of] = /^(\d+) \((.*)\) (\S) (\d+)/s.exec(readStat(entry)) ?? []
    return Number(of) === parent ? [{ id: Number(id), name, state }] : []
  })
}

function readStat(entry: string): string {
  try {
    return /^\d+$/.test(entry) ? readFileSync(`/proc/${entry}/stat`, 'utf8') : ''
  } catch {
    return ''
  }
}

describe.skipIf(process.platform !== 'linux')("the compiler's process", () => {
  test('leaves no zombie, neither of the start nor of a reload', { tags: ['slow'] }, async () => {
    const server = serveFile(['p.ts'], { cwd: temporaryFolder({ 'p.ts': PREDICTOR }) })
    await server.ready()
    const zombies = () => childrenOf(server.id).filter(({ state }) => state === 'Z')
    await expect.poll(zombies).toEqual([])
    server.kill('SIGHUP')
    await expect.poll(() => server.output.stdout).toContain('"reloaded"')
    await expect.poll(zombies).toEqual([])
  })

  test.each(['SIGTERM', 'SIGINT'] as const)('says nothing when %s ends a start that reads types', async signal => {
    const server = startIncant(['serve', 'p.ts', '--port', '0'], { cwd: temporaryFolder({ 'p.ts': PREDICTOR }) })
    while (!childrenOf(server.id).some(({ name }) => name.startsWith('tsc'))) await sleep(1)
    server.kill(signal)
    expect(await server.ended).toMatchObject({ stderr: '', stdout: '' })
  })
})
