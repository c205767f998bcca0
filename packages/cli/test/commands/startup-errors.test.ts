import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { type Ending, runIncant, serveFile } from '../incant-process.ts'
import { temporaryFolder } from '../temporary-folder.ts'

/** A predictor file with this class, from line 2 on. */
function predictor(body: string): string {
  return `import { BasePredictor } from 'incant'\n${body}\n`
}

const PREDICT = 'predict(payload: { text: string }): number { return payload.text.length }'
const PLAIN = predictor(`export default class Predictor extends BasePredictor { ${PREDICT} }`)

async function serve(
  text: string,
  words: readonly string[] = [],
  files: Readonly<Record<string, string>> = {},
): Promise<Ending> {
  return serveFile(['p.ts', ...words], { cwd: temporaryFolder({ 'p.ts': text, ...files }) }).ended
}

function expectRefusal({ code, stdout, stderr }: Ending, message: RegExp): void {
  expect(stderr).toMatch(message)
  expect(stderr).not.toMatch(/^ {4}at /m)
  expect(stdout).toBe('')
  expect(code).toBe(1)
}

describe('incant serve refuses, with the place and exit code 1', () => {
  it.each<[string, string, RegExp]>([
    [
      'a syntax error',
      predictor('export default class Predictor extends BasePredictor {\n  predict(payload: string { }\n}'),
      /^incant: p\.ts:3:\d+: .*\n/,
    ],
    [
      'a throw while the file loads',
      predictor(`${PLAIN.split('\n')[1]}\nthrow new RangeError('no model here')`),
      /^incant: p\.ts:3:7: loading the file threw RangeError: no model here\n {2}Code outside of the class runs/,
    ],
  ])('%s', async (_name, text, message) => {
    expectRefusal(await serve(text), message)
  })

  it.each<[string, string, RegExp]>([
    [
      'a type error in the signature',
      predictor(`export default class Predictor extends BasePredictor {\n  predict(payload: Passage) { return 1 }\n}`),
      /^incant: p\.ts:3:20: .*Passage/,
    ],
    [
      'no predictor class',
      'export class Model { predict() {} }\n',
      /^incant: p\.ts: No class extends BasePredictor; the file has Model\n {2}Write: export default class Predictor extends BasePredictor/,
    ],
    [
      'several classes, and lists them',
      predictor(
        `export class One extends BasePredictor { ${PREDICT} }\nexport class Two extends BasePredictor { ${PREDICT} }`,
      ),
      /^incant: p\.ts: 2 classes extend BasePredictor: One \(line 2\), Two \(line 3\)\n {2}Say which: --classname One\n/,
    ],
    [
      'an abstract class',
      predictor(`export default abstract class Predictor extends BasePredictor { ${PREDICT} }`),
      /^incant: p\.ts:2:31: Predictor is abstract\n {2}Remove abstract/,
    ],
    [
      'a class that is not exported',
      predictor(`class Predictor extends BasePredictor { ${PREDICT} }\nvoid Predictor`),
      /^incant: p\.ts:2:7: Predictor is not exported\n {2}Write: export default class/,
    ],
    [
      'no predict',
      predictor('export default class Predictor extends BasePredictor { run() {} }'),
      /^incant: p\.ts:2:22: .*predict/,
    ],
    [
      'two payloads',
      predictor(
        'export default class Predictor extends BasePredictor {\n  predict(first: { a: string }, second: { b: string }) { return 1 }\n}',
      ),
      /^incant: p\.ts:3:\d+: .*Predictor\.predict.*second/,
    ],
    [
      'a type JSON cannot carry',
      predictor(
        'export default class Predictor extends BasePredictor {\n  predict(payload: { callback: () => void }) { return 1 }\n}',
      ),
      /^incant: p\.ts:3:\d+: .*callback.*function.*JSON cannot carry/,
    ],
    [
      'an ambiguous union with Request',
      predictor(
        'export default class Predictor extends BasePredictor {\n  predict(payload: Request | { a: string }) { return 1 }\n}',
      ),
      /^incant: p\.ts:3:11: .*payload.*Request/,
    ],
    [
      'a throw of something that is no error',
      predictor(`${PLAIN.split('\n')[1]}\nthrow 'text'`),
      /^incant: p\.ts: loading the file threw string "text"\n/,
    ],
    [
      'a package that is not there',
      predictor(`import { tensor } from 'no-such-package'\n${PLAIN.split('\n')[1]}\nvoid tensor`),
      /^incant: p\.ts:2:24: cannot find "no-such-package"\n {2}Install it \(npm install no-such-package\)/,
    ],
    [
      'a file that is not there',
      predictor(`import { tensor } from './lib/absent.ts'\n${PLAIN.split('\n')[1]}\nvoid tensor`),
      /^incant: p\.ts:2:24: cannot find "\.\/lib\/absent\.ts"\n {2}Correct the path in the import\.\n/,
    ],
  ])('%s', { tags: ['slow'] }, async (_name, text, message) => {
    expectRefusal(await serve(text), message)
  })

  it('a name that another file does not export', { tags: ['slow'] }, async () => {
    const text = predictor(`import { absent } from './lib.mjs'\n${PLAIN.split('\n')[1]}\nvoid absent`)
    const ending = await serve(text, [], { 'lib.mjs': 'export const present = 1', 'package.json': '{"type":"module"}' })
    expectRefusal(
      ending,
      /^incant: p\.ts:2.*: .*'absent'|^incant: p\.ts:\d+: .*does not provide an export named 'absent'/,
    )
  })

  it('a mistake in a file that the predictor imports, by its own place', { tags: ['slow'] }, async () => {
    const text = predictor(`import './lib.ts'\n${PLAIN.split('\n')[1]}`)
    expectRefusal(
      await serve(text, [], { 'lib.ts': '\nexport const = 1\n' }),
      /^incant: lib\.ts:2:14: the file does not parse: .*\n/,
    )
    expectRefusal(
      await serve(text, [], { 'lib.ts': '\nnull.x\n' }),
      /^incant: lib\.ts:2:\d+: loading the file threw TypeError: /,
    )
  })

  it('no file', { tags: ['slow'] }, async () => {
    const ending = await runIncant(['serve', 'absent.ts'], { cwd: temporaryFolder() })
    expectRefusal(
      ending,
      /^incant: there is no file absent\.ts\n {2}Name the predictor's file: incant serve \[MODEL:VERSION\] FILE\n$/,
    )
  })

  it('a class that --classname does not find', { tags: ['slow'] }, async () => {
    expectRefusal(
      await serve(PLAIN, ['--classname', 'Other']),
      /^incant: p\.ts: No class named Other extends BasePredictor\n {2}The file has: Predictor\.\n$/,
    )
  })

  it("a configuration that is not of the constructor's type, by its place in the file", {
    tags: ['slow'],
  }, async () => {
    const text = predictor(`interface Config { model: { threshold: number } }
export default class Predictor extends BasePredictor<Config> {
  constructor(config: Config) { super(config) }
  ${PREDICT}
}`)
    const ending = await serve(text, ['--config', 'c.yaml'], { 'c.yaml': '# settings\nmodel:\n  threshold: high\n' })
    expectRefusal(
      ending,
      /^incant: c\.yaml:3:3: model\.threshold must be a number\n {2}That is the type of the constructor of Predictor \(p\.ts:3\): change the value, or the type\.\n$/,
    )
    expectRefusal(
      await serve(text),
      /^incant: p\.ts:3:22: the constructor of Predictor needs values, and no --config is given: model .*\n {2}Write them into a YAML file/,
    )
  })

  it('setup() that throws', async () => {
    const text = predictor(`export default class Predictor extends BasePredictor {
  async setup() {
    throw new Error('the weights are corrupt')
  }
  ${PREDICT}
}`)
    const { code, stderr } = await serve(text)
    expect(stderr).toMatch(/^incant: p\.ts:4:11: .*setup\(\).*the weights are corrupt/)
    expect(stderr).not.toMatch(/^ {4}at /m)
    expect(code).toBe(1)
  })

  it('setup() that hangs', { tags: ['slow'] }, async () => {
    const text = predictor(
      `export default class Predictor extends BasePredictor { setup() { return new Promise<void>(() => setInterval(() => {}, 1e6)) }\n${PREDICT} }`,
    )
    const { code, stderr } = await serve(text, ['--setup-timeout', '50ms'])
    expect(stderr).toMatch(/^incant: p\.ts:2:22: setup\(\) did not finish within 0\.05 s\n/)
    expect(code).toBe(1)
  })

  it('a port in use', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise(resolve => other.once('listening', resolve))
    const address = other.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const ending = await runIncant(['serve', 'p.ts', '--port', `${port}`], { cwd: temporaryFolder({ 'p.ts': PLAIN }) })
    other.close()
    expectRefusal(ending, new RegExp(`^incant: port ${port} on 127\\.0\\.0\\.1 is in use by another process\\n`))
  })

  it('an address that is not here', { tags: ['slow'] }, async () => {
    expectRefusal(
      await serve(PLAIN, ['--host', '192.0.2.1']),
      /^incant: the host "192\.0\.2\.1" is not an address of this machine\n/,
    )
  })

  it.runIf(process.getuid?.() !== 0)('a port it may not have', { tags: ['slow'] }, async () => {
    const ending = await runIncant(['serve', 'p.ts', '--port', '80'], { cwd: temporaryFolder({ 'p.ts': PLAIN }) })
    expectRefusal(ending, /^incant: this user may not listen on port 80\n/)
  })

  it('a model path that is none', { tags: ['slow'] }, async () => {
    expectRefusal(await serve(PLAIN, ['--model-path', 'absent']), /^incant: --model-path absent is not a folder\n/)
  })

  it('an unknown flag and an unknown variable, with the nearest', { tags: ['slow'] }, async () => {
    expectRefusal(
      await serve(PLAIN, ['--prot', '80']),
      /^incant: incant serve has no option --prot\n {2}Did you mean --port\?/,
    )
    const cwd = temporaryFolder({ 'p.ts': PLAIN })
    const ending = await runIncant(['serve', 'p.ts'], { cwd, env: { INCANT_MAX_BODYSIZE: '1' } })
    expectRefusal(
      ending,
      /^incant: the environment variable INCANT_MAX_BODYSIZE means nothing to incant\n {2}Did you mean INCANT_MAX_BODY_SIZE\?\n$/,
    )
  })
})

describe('--debug', () => {
  it('shows stacks', { tags: ['slow'] }, async () => {
    const { code, stderr } = await serve(`${PLAIN}throw new RangeError('no model here')\n`, ['--debug'])
    expect(stderr).toMatch(/^incant: p\.ts:3:7: loading the file threw RangeError: no model here\n/)
    expect(stderr).toMatch(/^ {4,}at /m)
    expect(code).toBe(1)
  })
})

describe('SIGTERM during setup', () => {
  it('ends the process at once', async () => {
    // Setup speaks a turn of the event loop after its start: the process then listens to signals.
    const text = predictor(`export default class Predictor extends BasePredictor {
  async setup() {
    await new Promise(resolve => setTimeout(resolve, 100))
    console.log('in setup')
    await new Promise(() => setInterval(() => {}, 1e6))
  }
  ${PREDICT}
}`)
    const server = serveFile(['p.ts'], { cwd: temporaryFolder({ 'p.ts': text }) })
    await expect.poll(() => server.output.stdout, { timeout: 40_000 }).toContain('in setup')
    server.kill('SIGTERM')
    expect(await server.ended).toMatchObject({ code: 0 })
  })
})
