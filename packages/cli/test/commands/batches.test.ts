// @module-tag slow
import { describe, expect, it } from 'vitest'
import { runIncant, serveFile } from '../incant-process.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const PREDICTOR = `import { BatchPredictor, batch } from 'incant'

interface Passage {
  /** @minLength 1 @example "Guten Tag" */
  text: string
}

@batch({ maxSize: 8 })
export default class Counter extends BatchPredictor {
  static warmup: Passage[] = [{ text: 'warm' }]

  async predictBatch(passages: readonly Passage[]): Promise<({ length: number; of: number } | Error)[]> {
    await new Promise(resolve => setTimeout(resolve, 50))
    return passages.map(({ text }) => ({ length: text.length, of: passages.length }))
  }
}
`

const PASSAGE = {
  type: 'object',
  properties: { text: { type: 'string', minLength: 1, examples: ['Guten Tag'] } },
  required: ['text'],
}

describe('incant serve of a BatchPredictor', () => {
  it('shows a single payload and takes one, and computes those that wait together', async () => {
    const cwd = temporaryFolder({ 'p.ts': PREDICTOR })
    const server = serveFile(['p.ts'], { cwd })
    const { url, signature, curl } = await server.ready()
    expect(signature).toBe('Counter.predict(payload: Passage) → { length: number, of: number }')
    expect(curl).toContain(`-d '{"text":"Guten Tag"}'`)
    const document = await (await fetch(`${url}/openapi.json`)).text()
    // The document is read where it is compared.
    const { paths } = JSON.parse(document) as { paths: Record<string, { post: object }> }
    expect(paths['/predict']?.post).toMatchObject({
      requestBody: { content: { 'application/json': { schema: PASSAGE } } },
    })
    const call = async (text: string) => {
      const headers = { 'content-type': 'application/json' }
      const response = await fetch(`${url}/predict`, { method: 'POST', headers, body: JSON.stringify({ text }) })
      return { status: response.status, body: JSON.parse(await response.text()) }
    }
    const answers = await Promise.all(['a', '', 'ccc', ...Array.from({ length: 13 }, () => 'more')].map(call))
    expect(answers[0]).toMatchObject({ status: 200, body: { length: 1 } })
    expect(answers[1]).toMatchObject({
      status: 422,
      body: { code: 'invalid_payload', errors: [{ pointer: '#/text' }] },
    })
    expect(answers[2]).toMatchObject({ status: 200, body: { length: 3 } })
    const sizes = answers.filter(({ status }) => status === 200).map(({ body }) => body.of ?? 0)
    expect(Math.max(...sizes)).toBeGreaterThan(1)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(8)
    server.kill('SIGTERM')
    expect((await server.ended).code).toBe(0)
  })

  it.each([
    [
      'a warm-up that fails',
      PREDICTOR.replace('await new', "if (passages[0]?.text === 'warm') throw new Error('no kernel')\n    await new"),
      /^error\[warmup_failed\]: warmup\[0\] failed: no kernel\n {2}--> p\.ts:\d+:\d+\n/,
    ],
    [
      'a warm-up of another type',
      PREDICTOR.replace("{ text: 'warm' }", "{ text: '' }"),
      /^error\[warmup_failed\]: .*warmup\[0\] does not match the type of the payload: #\/text must /,
    ],
    [
      'a predictBatch that takes no array',
      PREDICTOR.replace('readonly Passage[]', 'Passage')
        .replace('passages.map', '[passages].map')
        .replace('passages.length', '1'),
      /^error\[invalid_batch\]: Counter: predictBatch takes passages, which is Passage and not an array of payloads\n {2}--> p\.ts:12:22\n/,
    ],
  ])('does not start with %s', async (_name, source, message) => {
    const cwd = temporaryFolder({ 'p.ts': source })
    const { code, stderr } = await runIncant(['serve', 'p.ts', '--port', '0'], { cwd })
    expect(stderr).toMatch(message)
    expect(code).toBe(1)
  })
})
