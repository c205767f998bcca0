import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

it('collects the garbage of a start, and the process goes on', { tags: ['slow'] }, () => {
  const module = new URL('../../../src/process/memory/collect-after-start.ts', import.meta.url)
  const program = `
    import { constants, PerformanceObserver } from 'node:perf_hooks'
    const { collectAfterStart } = await import(${JSON.stringify(module)})
    const isFull = ({ detail }) => detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR
    const collected = new Promise(resolve => {
      new PerformanceObserver(list => list.getEntries().some(isFull) && resolve()).observe({ entryTypes: ['gc'] })
    })
    collectAfterStart()
    const keepAlive = setInterval(() => {}, 60_000)
    await collected
    setTimeout(() => console.log('goes on'), 10)
    clearInterval(keepAlive)`
  // Without V8's own collections in an idle process.
  const flags = ['--no-memory-reducer', '--import', 'tsx', '--input-type=module']
  const { stdout } = spawnSync(process.execPath, [...flags, '--eval', program], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    encoding: 'utf8',
    timeout: 60_000,
  })
  expect(stdout).toBe('goes on\n')
})
