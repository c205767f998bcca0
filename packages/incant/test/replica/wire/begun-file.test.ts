import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readlinkSync } from 'node:fs'
import { expect, it, onTestFinished } from 'vitest'
import { BEGUN_FD, BegunFile } from '../../../src/replica/wire/begun-file.ts'

const module = new URL('../../../src/replica/wire/begun-file.ts', import.meta.url)

/** Runs a program in a process that has the file, until it ends by itself. */
async function runWith(begun: BegunFile, program: string): Promise<NodeJS.Signals | null> {
  const stdio = [...Array<'inherit'>(3).fill('inherit'), ...Array<'ignore'>(BEGUN_FD - 3).fill('ignore')]
  const source = `import { openBegun } from ${JSON.stringify(module.href)}\nconst note = openBegun()\n${program}`
  const words = ['--import', 'tsx', '--input-type=module', '--eval', source]
  const child = spawn(process.execPath, words, { stdio: [...stdio, begun.fd ?? 'ignore'] })
  const [, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
  return signal
}

function makeFile(): BegunFile {
  const begun = new BegunFile()
  onTestFinished(() => begun.close())
  return begun
}

it('tells after a process was killed which calls it had begun', async () => {
  const begun = makeFile()
  const last = 2 ** 30 - 1
  const signal = await runWith(begun, `for (const n of [1, 3, ${last}]) note(n)\nprocess.kill(process.pid, 'SIGKILL')`)
  expect(signal).toBe('SIGKILL')
  expect([1, 2, 3, last, last - 1, 1 + 16_384].map(n => begun.has(n))).toEqual([true, false, true, true, false, false])
})

it('has no name, and is gone once it is closed', () => {
  const begun = makeFile()
  expect(readlinkSync(`/proc/self/fd/${begun.fd}`)).toMatch(/\(deleted\)$/)
  begun.close()
  begun.close()
  expect([begun.fd, begun.has(1)]).toEqual([undefined, false])
})

it('is left out where the process has none', () => {
  const source = `import { openBegun } from ${JSON.stringify(module.href)}\nconsole.log(openBegun())`
  const words = ['--import', 'tsx', '--input-type=module', '--eval', source]
  expect(execFileSync(process.execPath, words, { encoding: 'utf8' })).toBe('undefined\n')
})
