// @module-tag slow
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startIncant } from '../incant-process.ts'
import { temporaryFolder } from '../temporary-folder.ts'

function describePredictor(version: number): string {
  return `import { BasePredictor } from 'incant'
import { counter, sendMetric } from 'incant/metrics'
const called = counter('called_total', { labels: ['version'] })
const changed = counter('changed_total', { labels: ['label${version}'] })
export default class Predictor extends BasePredictor {
  predict(payload: { a: number }): number {
    called.inc({ version: 'any' })
    changed.inc({ label${version}: 'x' })
    sendMetric('version', ${version})
    return ${version}
  }
}
`
}

it.each([
  ['one process', '1', '0'],
  ['none', '0', 'front'],
])(
  'counters go on when SIGHUP loads new code: workers %s',
  async (_name, workers, replica) => {
    const cwd = temporaryFolder({ 'p.ts': describePredictor(1) })
    const server = startIncant(['serve', 'p.ts', '--port', '0', '--drain-delay', '0s', '--workers', workers], { cwd })
    const { url } = await server.ready()
    const ask = async (): Promise<string> => {
      const response = await fetch(`${url}/predict`, { method: 'POST', body: '{"a":1}' })
      return response.text()
    }
    // The server knows a moment after its caller that a response is over.
    const scrapeUntil = async (part: string): Promise<string> => {
      for (const until = Date.now() + 10_000; ; ) {
        const text = await (await fetch(`${url}/metrics`)).text()
        if (text.includes(part)) return text
        if (Date.now() > until) throw new Error(`${part} is not in ${text}`)
      }
    }
    for (let call = 0; call < 3; call += 1) await ask()
    const before = await scrapeUntil('called_total{version="any"} 3\n')
    expect(before).toContain(`incant_custom{name="version",tag="",replica="${replica}"} 1\n`)

    writeFileSync(join(cwd, 'p.ts'), describePredictor(2))
    server.kill('SIGHUP')
    let calls = 3
    for (const until = Date.now() + 40_000; Date.now() < until; ) {
      calls += 1
      if ((await ask()) === '2') break
      await new Promise(resolve => setTimeout(resolve, 50))
    }
    const counted = `incant_requests_total{method="POST",route="/predict",status="200"} ${calls}\n`
    const after = await scrapeUntil(counted)
    expect(after).toContain(`called_total{version="any"} ${calls}\n`)
    expect(after).toContain('changed_total{label1="x"} ')
    expect(after).toContain('changed_total{label2="x"} 1\n')
    expect(after).toContain(`incant_custom{name="version",tag="",replica="${replica}"} 2\n`)
    server.kill('SIGTERM')
    expect((await server.ended).code).toBe(0)
  },
  60_000,
)
