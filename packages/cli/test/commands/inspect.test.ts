// @module-tag slow
import { BasePredictor, createApp, type PredictSignature, silentLogger } from 'incant'
import { describe, expect, it } from 'vitest'
import { readSignatures } from '../../src/signature/read-and-check.ts'
import { runIncant } from '../incant-process.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const TEXT = `import { BasePredictor } from 'incant'
console.log('loaded')
/** Counts letters. */
export default class Predictor extends BasePredictor {
  constructor(config: { size: number }) { super(config); console.log('made') }
  predict(payload: { text: string }): number { return payload.text.length }
}
`

describe('incant inspect', () => {
  it('prints the signature, the schemas and the routes, and makes no predictor', async () => {
    const { code, stdout, stderr } = await runIncant(['inspect', 'p.ts'], { cwd: temporaryFolder({ 'p.ts': TEXT }) })
    expect(stdout).toMatch(
      /^p\.ts:4:22 {2}exported as default\nPredictor\.predict\(payload: \{ text: string \}\) → number\nCounts letters\.\n\npayload: payload\n {2}\{\n {4}"type": "object"/,
    )
    expect(stdout).toContain("config, the constructor's parameter:\n")
    expect(stdout).toContain('routes:\n  POST /predict       Predict\n  GET  /health')
    expect(stdout).not.toContain('loaded')
    expect(stderr).toBe('loaded\n')
    expect(code).toBe(0)
  })

  it('prints with --json what the signature option takes', async () => {
    const cwd = temporaryFolder({ 'p.ts': TEXT })
    const { stdout } = await runIncant(['inspect', '--json', 'p.ts'], { cwd })
    const printed: PredictSignature & { protocols: unknown } = JSON.parse(stdout)
    const { protocols, ...signature } = printed
    expect(protocols).toContainEqual(expect.objectContaining({ protocol: 'openai', servedBy: 'flag', fits: false }))
    const [read] = readSignatures({ file: `${cwd}/p.ts` }).signatures
    expect({ ...signature, location: undefined }).toEqual({ ...read, location: undefined })
    class Predictor extends BasePredictor {
      predict(payload: { text: string }): number {
        return payload.text.length
      }
    }
    const app = createApp(Predictor, { signature: printed, config: { size: 1 }, logger: silentLogger })
    await app.ready
    const response = await app.request('/predict', { method: 'POST', body: '{"text":5}' })
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({
      code: 'invalid_payload',
      errors: [{ pointer: '#/text', detail: 'must be a string' }],
    })
    await app.close()
  })

  it('says of each protocol whether the types fit it, and what to write instead', async () => {
    const cwd = temporaryFolder({
      'p.ts': TEXT,
      'plain.ts': TEXT.replace(/constructor.*/, ''),
      'chat.ts': `import { BasePredictor } from 'incant'
import type { ChatRequest } from 'incant/openai'
export default class Chat extends BasePredictor {
  async *predict({ messages }: Pick<ChatRequest, 'messages'>): AsyncGenerator<string> { yield String(messages.length) }
}
`,
    })
    const plain = await runIncant(['inspect', 'p.ts'], { cwd })
    expect(plain.stdout).toMatch(/^protocol openai: does not fit: .+\n {2}Take a ChatRequest/m)
    const chat = await runIncant(['inspect', 'chat.ts'], { cwd })
    expect(chat.stdout).toContain('protocol openai: fits, and is served: the types name it\n')
    expect(chat.stdout).toMatch(
      /^ {2}POST {3}\/v1\/chat\/completions {2,}Create a chat completion\n {4}body: \{"type":"object",/m,
    )
    const refused = await runIncant(['serve', '--validate', '--protocol', 'openai', 'plain.ts'], { cwd })
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('the protocol openai does not fit the predictor')
    const fitting = await runIncant(['serve', '--validate', '--protocol', 'openai', 'chat.ts'], { cwd })
    expect(fitting.code).toBe(0)
  })

  it('applies decorators, those of a base class too', async () => {
    const cwd = temporaryFolder({
      'base.ts': `import { BasePredictor, withFullRequest } from 'incant'
export abstract class Base extends BasePredictor {
  @withFullRequest
  predict(request: any) { return request.url }
}
`,
      'p.ts': "import { Base } from './base.ts'\nexport default class Predictor extends Base {}\n",
    })
    const inspected = await runIncant(['inspect', '--json', 'p.ts'], { cwd })
    expect(JSON.parse(inspected.stdout).parameters).toMatchObject([{ role: 'request' }])
    const validated = await runIncant(['serve', '--validate', 'p.ts'], { cwd })
    expect(validated.stdout).toMatch(/^ok p\.ts: Predictor\.predict\(request: Request\)/)
  })

  it('reads the types alone where the file cannot be loaded', async () => {
    const cwd = temporaryFolder({ 'p.ts': `${TEXT}throw new Error('no model here')\n` })
    const { code, stdout, stderr } = await runIncant(['inspect', 'p.ts'], { cwd })
    expect(stdout).toContain('Predictor.predict(payload: { text: string }) → number')
    expect(stderr).toBe('loaded\nwarning: decorators are left out, since loading the file threw Error: no model here\n')
    expect(code).toBe(0)
  })

  it.each([['inspect'], ['serve', '--validate'], ['serve']])(
    '%s %s refuses decorators that cannot be',
    async (...command) => {
      const text = `import { BasePredictor, input } from 'incant'
const schema = { '~standard': { version: 1 as const, vendor: 'test', validate: (value: unknown) => ({ value }) } }
export default class Predictor extends BasePredictor {
  @input(schema)
  predict(request: Request) { return request.url }
}
`
      const cwd = temporaryFolder({ 'p.ts': text })
      const { code, stderr } = await runIncant([...command, 'p.ts'], { cwd })
      expect(stderr).toMatch(/@input has nothing to check: Predictor\.predict takes no payload.*\n {2}--> p\.ts:3:22\n/)
      expect(code).toBe(1)
    },
  )

  it('refuses what serve refuses, with exit code 1', async () => {
    const { code, stdout, stderr } = await runIncant(['inspect', 'p.ts'], {
      cwd: temporaryFolder({ 'p.ts': 'export const x = 1\n' }),
    })
    expect(stderr).toMatch(/^error\[no_predictor\]: no class extends BasePredictor\n {2}--> p\.ts\n/)
    expect(stdout).toBe('')
    expect(code).toBe(1)
  })
})
