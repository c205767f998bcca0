import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

it('collects the garbage of a start, and the process goes on', { tags: ['slow'] }, () => {
  const module = new URL('../../src/process/memory/collect-after-start.ts', import.meta.url)
  const program = `
    import { constants, PerformanceObserver } from 'node:perf_hooks'
    const { collectAfterStart } = await import(${JSON.stringify(module)})
    const isAll = ({ detail }) => detail.flags & constants.NODE_PERFORMANCE_GC_FLAGS_ALL_AVAILABLE_GARBAGE
    const collected = new Promise(resolve => {
      new PerformanceObserver(list => list.getEntries().some(isAll) && resolve()).observe({ entryTypes: ['gc'] })
    })
    collectAfterStart()
    const keepAlive = setInterval(() => {}, 60_000)
    await collected
    setTimeout(() => console.log('goes on'), 10)
    clearInterval(keepAlive)`
  const { stdout } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    encoding: 'utf8',
    timeout: 60_000,
  })
  expect(stdout).toBe('goes on\n')
})
