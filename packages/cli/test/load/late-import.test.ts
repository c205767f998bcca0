import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'

/** It is run as it is built: `npm test` builds before it runs these. */
const CLI = new URL('../../dist/index.js', import.meta.url)

const PREDICTOR = `
import { BasePredictor } from 'incant'
export default class Late extends BasePredictor {
  async predict(payload: { a: number }): Promise<number> {
    return (await import('./late.ts')).value + payload.a
  }
}`

it('loads TypeScript also after the garbage of the start was collected', { tags: ['slow'] }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'incant-late-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  // The collection of the thread that runs hooks shows nowhere: this waits for longer than it does.
  const program = `
    const { loadPredictor } = await import(${JSON.stringify(CLI)})
    const { predictor } = await loadPredictor(${JSON.stringify(join(folder, 'predictor.ts'))})
    setTimeout(async () => console.log(await new predictor().predict({ a: 2 })), 3000)`
  const late = 'export const value: number = 40'
  const files = { 'package.json': '{"type":"module"}', 'predictor.ts': PREDICTOR, 'late.ts': late, 'main.js': program }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  const { stdout } = spawnSync(process.execPath, [join(folder, 'main.js')], { encoding: 'utf8', timeout: 120_000 })
  expect(stdout).toBe('42\n')
})
