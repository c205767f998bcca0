import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { type ReadyLine, runIncant, serveFile, startIncant } from '../incant-process.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const run = promisify(execFile)
const PLAIN = `import { BasePredictor } from 'incant'
export default class Predictor extends BasePredictor {
  predict(payload: { text: string }): number { return payload.text.length }
}
`

function predictor(predict: string, before = ''): string {
  return `import { BasePredictor, type PredictContext } from 'incant'\n${before}\nexport default class Predictor extends BasePredictor {\n${predict}\n}\n`
}

/** Serves a file and pastes the line it prints into a shell. */
async function paste(text: string): Promise<{ ready: ReadyLine; answer: string }> {
  const cwd = temporaryFolder({ 'p.ts': text })
  const server = serveFile(['p.ts'], { cwd })
  const ready = await server.ready()
  const { stdout } = await run('sh', ['-c', `${ready.curl} -sS --fail-with-body`], { cwd })
  server.kill('SIGTERM')
  const { code } = await server.ended
  expect(code).toBe(0)
  return { ready, answer: stdout }
}

describe('the curl line that incant serve prints works when it is pasted', () => {
  it('with the examples of the types', { tags: ['slow'] }, async () => {
    const { ready, answer } = await paste(
      predictor(
        'predict(payload: Passage): { said: string; times: number } { return { said: payload.text, times: payload.top ?? 0 } }',
        `interface Passage {\n  /** @example "it's a \\"good\\" day" */\n  text: string\n  /** @default 3 */\n  top?: number\n  note?: string\n}`,
      ),
    )
    expect(JSON.parse(answer)).toEqual({ said: 'it\'s a "good" day', times: 3 })
    expect(ready.signature).toBe('Predictor.predict(payload: Passage) → { said: string, times: number }')
    expect(ready.class).toBe('Predictor')
  })

  it.each([
    [
      'constraints',
      'predict(payload: Shape) { return payload.count }',
      'interface Shape {\n /** @minimum 5 @multipleOf 4 */\n count: number\n /** @minLength 10 */\n name: string\n kind: "a" | "b"\n when: Date\n big: bigint\n pair: [number, string]\n all: number[]\n deep: { next?: Shape } }',
      '8',
    ],
    ['a text', 'predict(text: string) { return text.toUpperCase() }', '', 'TEXT'],
    ['bytes', 'predict(image: Uint8Array) { return image.byteLength > 0 }', '', 'true'],
    [
      'a raw request',
      'async predict(request: Request) { return (await request.text()).includes("BasePredictor") }',
      '',
      'true',
    ],
    ['a form', 'predict(form: FormData) { return [...form.keys()].length > 0 }', '', 'true'],
    ['no body', 'predict(context: PredictContext) { return context.requestId.length > 0 }', '', 'true'],
    ['anything', 'predict(payload: unknown) { return payload !== undefined }', '', 'true'],
    ['a stream', 'async *predict(payload: { count: number }) { yield payload.count }', '', 'data: 1'],
  ])('for %s', { tags: ['slow'] }, async (_name, predict, before, expected) => {
    expect((await paste(predictor(predict, before))).answer).toContain(expected)
  })
})

describe('incant serve', () => {
  it('writes JSON lines and nothing else to standard output', async () => {
    const server = serveFile(['p.ts', '--log-format', 'json'], { cwd: temporaryFolder({ 'p.ts': PLAIN }) })
    const { url } = await server.ready()
    await fetch(`${url}/predict`, { method: 'POST', body: '{"text":5}' })
    server.kill('SIGINT')
    const { code, stdout } = await server.ended
    expect(code).toBe(0)
    const lines = stdout.trimEnd().split('\n')
    expect(lines.map(line => JSON.parse(line).msg)).toContain('ready')
  })

  it('writes for people where that is asked for', { tags: ['slow'] }, async () => {
    const server = serveFile(['words:v2=p.ts', '--log-format', 'pretty'], {
      cwd: temporaryFolder({ 'p.ts': PLAIN }),
    })
    await expect.poll(() => server.output.stdout, { timeout: 40_000 }).toContain('curl')
    expect(server.output.stdout).toMatch(
      /^ {2}Predictor of words:v2 \(p\.ts\) is served at http:\/\/127\.0\.0\.1:\d+\n {2}Predictor\.predict\(payload: \{ text: string \}\) → number\n {2}Try it in a browser at http:\/\/127\.0\.0\.1:\d+\/, or with:\n\n {2}curl http:.*'\{"text":"text"\}'\n/m,
    )
  })

  it('hands on the model, the configuration and the environment', { tags: ['slow'] }, async () => {
    const cwd = temporaryFolder({
      'p.ts': predictor(
        'constructor(config: Config) { super(config); this.since = config.since }\n  since: Date\n  predict(payload: null) { return { config: this.config, year: this.since.getUTCFullYear(), model: this.modelInfo, env: LOADED } }',
        "interface Config { since: Date; size?: number }\nconst LOADED = [process.env['FIRST'], process.env['SECOND']]",
      ),
      'config.yaml': 'since: 2026-01-31T12:00:00Z\n',
      '.env': 'FIRST=from the file\nSECOND=from the file\n',
    })
    mkdirSync(join(cwd, 'weights'))
    writeFileSync(join(cwd, 'weights/a.bin'), 'a')
    const words = [
      'words:v2',
      'p.ts',
      '--model-path',
      'weights',
      '--config',
      'config.yaml',
      '--env',
      '.env',
      '--env',
      'SECOND=from the flag',
    ]
    const server = serveFile(words, { cwd, env: { FIRST: 'from outside' } })
    const { url, model } = await server.ready()
    const response = await fetch(`${url}/predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: 'null',
    })
    expect(await response.json()).toEqual({
      config: { since: '2026-01-31T12:00:00.000Z' },
      year: 2026,
      model: { name: 'words', version: 'v2', path: join(cwd, 'weights') },
      env: ['from the file', 'from the flag'],
    })
    expect(model).toBe('words:v2')
  })

  it('takes the folder of the file for the model path', { tags: ['slow'] }, async () => {
    const cwd = temporaryFolder({ 'sub/p.ts': predictor('predict(payload: null) { return this.modelInfo }') })
    const server = serveFile(['sub/p.ts'], { cwd })
    const { url } = await server.ready()
    const response = await fetch(`${url}/predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: 'null',
    })
    expect(await response.json()).toEqual({ name: 'predictor', version: 'v0', path: join(cwd, 'sub') })
  })

  it('takes limits from flags and variables, the flag first', { tags: ['slow'] }, async () => {
    const env = { INCANT_MAX_BODY_SIZE: '20B', INCANT_MAX_JSON_DEPTH: '1' }
    const server = serveFile(['p.ts', '--max-json-depth', '64', '--no-openapi'], {
      cwd: temporaryFolder({ 'p.ts': PLAIN }),
      env,
    })
    const { url } = await server.ready()
    const post = (body: string) =>
      fetch(`${url}/predict`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    expect((await post('{"text":"yes"}')).status).toBe(200)
    expect((await post('{"text":"twenty bytes and more"}')).status).toBe(413)
    expect((await fetch(`${url}/openapi.json`)).status).toBe(404)
  })

  it('finds a file from the folder npm was called in', { tags: ['slow'] }, async () => {
    const cwd = temporaryFolder({ 'inner/p.ts': PLAIN })
    const env = { INIT_CWD: join(cwd, 'inner') }
    const { stdout } = await runIncant(['serve', '--validate', 'p.ts'], { cwd, env })
    expect(stdout).toBe('ok inner/p.ts: Predictor.predict(payload: { text: string }) → number\n')
  })

  it('warns of a secret in the command line, without its value', { tags: ['slow'] }, async () => {
    const { stderr, stdout } = await runIncant(['serve', '--validate', 'p.ts', '--env', 'API_TOKEN=hunter2'], {
      cwd: temporaryFolder({ 'p.ts': PLAIN }),
    })
    expect(stderr).toMatch(/^warning: every user of this machine can read API_TOKEN in the process list\n/)
    expect(stderr + stdout).not.toContain('hunter2')
  })

  it('warns of members that the configuration should not have', { tags: ['slow'] }, async () => {
    const text = predictor(
      'constructor(config: { size?: number }) { super(config) }\n  predict(payload: null) { return 1 }',
    )
    const cwd = temporaryFolder({ 'p.ts': text, 'c.json': '{\n  "sise": 1\n}\n' })
    const { stderr, code } = await runIncant(['serve', '--validate', 'p.ts', '--config', 'c.json'], { cwd })
    expect(stderr).toBe(
      'warning: c.json:2:3: the constructor\'s type has no member "sise", which is left out. Did you mean "size"?\n',
    )
    expect(code).toBe(0)
  })

  it('tells with --debug how long each step took', { tags: ['slow'] }, async () => {
    const server = startIncant(['serve', 'p.ts', '--port', '0', '--debug'], { cwd: temporaryFolder({ 'p.ts': PLAIN }) })
    await expect
      .poll(() => server.output.stderr, { timeout: 40_000 })
      .toMatch(/^incant: ready \d+ ms after the process began: .*reading the types \d+/m)
  })
})

describe('incant', () => {
  it.each([
    [
      ['--help'],
      /^incant serves a predictor file over HTTP\.\n[\s\S]* incant serve \[MODEL\[:VERSION\] \.\.\.\] FILE[\s\S]* incant inspect FILE/,
    ],
    [
      ['serve', '--help'],
      /^incant serve \[MODEL\[:VERSION\] \.\.\.\] FILE \.\.\. \[OPTIONS\]\n[\s\S]*\n {2}-p, --port NUMBER {11}The port to listen on\.[\s\S]*--max-body-size is INCANT_MAX_BODY_SIZE\. The flag wins\.\n\n$/,
    ],
    [['inspect', '--help'], /^incant inspect FILE \[OPTIONS\]\n[\s\S]*\n {2}--json {22}Print the signature/],
    [['--version'], /^\d+\.\d+\.\d+\n$/],
  ])('%j prints and succeeds', { tags: ['slow'] }, async (words, output) => {
    const { code, stdout, stderr } = await runIncant(words, { cwd: temporaryFolder() })
    expect(stdout).toMatch(output)
    expect(stderr).toBe('')
    expect(code).toBe(0)
  })
})
