// @module-tag slow
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
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
      /^error\[syntax_error\]: .*\n {2}--> p\.ts:3:\d+\n/,
    ],
    [
      'a throw while the file loads',
      predictor(`${PLAIN.split('\n')[1]}\nthrow new RangeError('no model here')`),
      /^error\[import_failed\]: loading the file threw RangeError: no model here\n {2}--> p\.ts:3:7\n[\s\S]* {2}fix: Code outside the class runs/,
    ],
  ])('%s', async (_name, text, message) => {
    expectRefusal(await serve(text), message)
  })

  it.each<[string, string, RegExp]>([
    [
      'a type error in the signature',
      predictor(`export default class Predictor extends BasePredictor {\n  predict(payload: Passage) { return 1 }\n}`),
      /^error\[signature_type_error\]: .*Passage.*\n {2}--> p\.ts:3:20\n/,
    ],
    [
      'no predictor class',
      'export class Model { predict() {} }\n',
      /^error\[no_predictor\]: no class extends BasePredictor; the file has Model\n {2}--> p\.ts\n[\s\S]* {2}fix: Write: export default class Predictor extends BasePredictor/,
    ],
    [
      'several classes, and lists them',
      predictor(
        `export class One extends BasePredictor { ${PREDICT} }\nexport class Two extends BasePredictor { ${PREDICT} }`,
      ),
      /^error\[several_predictors\]: 2 classes extend BasePredictor: One \(line 2\), Two \(line 3\)\n {2}--> p\.ts\n[\s\S]* {2}fix: Choose one: --class-name One\n/,
    ],
    [
      'an abstract class',
      predictor(`export default abstract class Predictor extends BasePredictor { ${PREDICT} }`),
      /^error\[abstract_predictor\]: Predictor is abstract\n {2}--> p\.ts:2:31\n[\s\S]* {2}fix: Remove `abstract`/,
    ],
    [
      'a class that is not exported',
      predictor(`class Predictor extends BasePredictor { ${PREDICT} }\nvoid Predictor`),
      /^error\[not_exported\]: Predictor is not exported\n {2}--> p\.ts:2:7\n[\s\S]* {2}fix: Write: export default class/,
    ],
    [
      'no predict',
      predictor('export default class Predictor extends BasePredictor { run() {} }'),
      /^error\[no_predict\]: .*predict.*\n {2}--> p\.ts:2:22\n/,
    ],
    [
      'two payloads',
      predictor(
        'export default class Predictor extends BasePredictor {\n  predict(first: { a: string }, second: { b: string }) { return 1 }\n}',
      ),
      /^error\[two_payloads\]: .*Predictor\.predict.*second.*\n {2}--> p\.ts:3:\d+\n/,
    ],
    [
      'a type JSON cannot carry',
      predictor(
        'export default class Predictor extends BasePredictor {\n  predict(payload: { callback: () => void }) { return 1 }\n}',
      ),
      /^error\[unsupported_type\]: .*callback.*function.*JSON cannot carry\n {2}--> p\.ts:3:\d+\n/,
    ],
    [
      'an ambiguous union with Request',
      predictor(
        'export default class Predictor extends BasePredictor {\n  predict(payload: Request | { a: string }) { return 1 }\n}',
      ),
      /^error\[ambiguous_union\]: .*payload.*Request.*\n {2}--> p\.ts:3:11\n/,
    ],
    [
      'a throw of something that is no error',
      predictor(`${PLAIN.split('\n')[1]}\nthrow 'text'`),
      /^error\[import_failed\]: loading the file threw string "text"\n {2}--> p\.ts\n/,
    ],
    [
      'a package that is not there',
      predictor(`import { tensor } from 'no-such-package'\n${PLAIN.split('\n')[1]}\nvoid tensor`),
      /^error\[import_failed\]: cannot find "no-such-package"\n {2}--> p\.ts:2:24\n[\s\S]* {2}fix: Install it \(npm install no-such-package\)/,
    ],
    [
      'a file that is not there',
      predictor(`import { tensor } from './lib/absent.ts'\n${PLAIN.split('\n')[1]}\nvoid tensor`),
      /^error\[import_failed\]: cannot find "\.\/lib\/absent\.ts"\n {2}--> p\.ts:2:24\n[\s\S]* {2}fix: Correct the path in the import\.\n/,
    ],
  ])('%s', async (_name, text, message) => {
    expectRefusal(await serve(text), message)
  })

  it('a name that another file does not export', async () => {
    const text = predictor(`import { absent } from './lib.mjs'\n${PLAIN.split('\n')[1]}\nvoid absent`)
    const ending = await serve(text, [], { 'lib.mjs': 'export const present = 1', 'package.json': '{"type":"module"}' })
    expectRefusal(ending, /^error\[import_failed\]: .*does not provide an export named 'absent'\n {2}--> p\.ts:2\n/)
  })

  it('a mistake in a file that the predictor imports, by its own place', async () => {
    const text = predictor(`import './lib.ts'\n${PLAIN.split('\n')[1]}`)
    expectRefusal(
      await serve(text, [], { 'lib.ts': '\nexport const = 1\n' }),
      /^error\[syntax_error\]: the file does not parse: .*\n {2}--> lib\.ts:2:14\n/,
    )
    expectRefusal(
      await serve(text, [], { 'lib.ts': '\nnull.x\n' }),
      /^error\[import_failed\]: loading the file threw TypeError: .*\n {2}--> lib\.ts:2:\d+\n/,
    )
  })

  it('no file', async () => {
    const ending = await runIncant(['serve', 'absent.ts'], { cwd: temporaryFolder() })
    expectRefusal(
      ending,
      /^error\[file_not_found\]: there is no file absent\.ts\n {2}fix: Check the path: incant serve \[MODEL\[:VERSION\] \.\.\.\] FILE \.\.\.\n/,
    )
  })

  it('a class that --class-name does not find', async () => {
    expectRefusal(
      await serve(PLAIN, ['--class-name', 'Other']),
      /^error\[no_predictor\]: no class named Other extends BasePredictor\n {2}--> p\.ts\n[\s\S]* {2}fix: The file has: Predictor\.\n/,
    )
  })

  it("a configuration that is not of the constructor's type, by its place in the file", async () => {
    const text = predictor(`interface Config { model: { threshold: number } }
export default class Predictor extends BasePredictor<Config> {
  constructor(config: Config) { super(config) }
  ${PREDICT}
}`)
    const ending = await serve(text, ['--config', 'c.yaml'], { 'c.yaml': '# settings\nmodel:\n  threshold: high\n' })
    expectRefusal(
      ending,
      /^error\[invalid_config\]: model\.threshold must be a number\n {2}--> c\.yaml:3:3\n[\s\S]* {2}fix: Change the value, or the type of the parameter of Predictor's constructor \(p\.ts:3\)\.\n/,
    )
    expectRefusal(
      await serve(text),
      /^error\[invalid_config\]: the constructor of Predictor needs values, but --config is not given: model .*\n {2}--> p\.ts:3:22\n[\s\S]* {2}fix: Put them in a YAML file/,
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
    expect(stderr).toMatch(/^error\[setup_failed\]: .*setup\(\).*the weights are corrupt\n {2}--> p\.ts:4:11\n/)
    expect(stderr).not.toMatch(/^ {4}at /m)
    expect(code).toBe(1)
  })

  it('setup() that hangs', async () => {
    const text = predictor(
      `export default class Predictor extends BasePredictor { setup() { return new Promise<void>(() => setInterval(() => {}, 1e6)) }\n${PREDICT} }`,
    )
    const { code, stderr } = await serve(text, ['--setup-timeout', '50ms'])
    expect(stderr).toMatch(/^error\[setup_timeout\]: setup\(\) did not finish within 0\.05 s\n {2}--> p\.ts:2:22\n/)
    expect(code).toBe(1)
  })

  it('a port in use', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise(resolve => other.once('listening', resolve))
    const address = other.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const ending = await runIncant(['serve', 'p.ts', '--port', `${port}`], { cwd: temporaryFolder({ 'p.ts': PLAIN }) })
    other.close()
    expectRefusal(
      ending,
      new RegExp(`^error\\[port_in_use\\]: port ${port} on 127\\.0\\.0\\.1 is in use by another process\\n`),
    )
  })

  it('an address that is not here', async () => {
    expectRefusal(
      await serve(PLAIN, ['--host', '192.0.2.1']),
      /^error\[address_unavailable\]: the host "192\.0\.2\.1" is not an address of this machine\n/,
    )
  })

  it.runIf(process.getuid?.() !== 0)('a port it may not have', async () => {
    const ending = await runIncant(['serve', 'p.ts', '--port', '80'], { cwd: temporaryFolder({ 'p.ts': PLAIN }) })
    expectRefusal(ending, /^error\[permission_denied\]: this user is not allowed to listen on port 80\n/)
  })

  it('a model path that is none', async () => {
    expectRefusal(
      await serve(PLAIN, ['--model-path', 'absent']),
      /^error\[model_not_found\]: --model-path absent is not a folder\n/,
    )
  })

  it('a model path with nothing in it, as a volume that was not filled', async () => {
    const cwd = temporaryFolder({ 'p.ts': PLAIN })
    mkdirSync(join(cwd, 'model'))
    const ending = await runIncant(['serve', 'p.ts', '--port', '0', '--model-path', 'model'], { cwd })
    expectRefusal(
      ending,
      /^error\[model_not_found\]: --model-path model is an empty folder\n {2}fix: Mount the files of the model there/,
    )
  })

  it('an unknown flag and an unknown variable, with the nearest', async () => {
    expectRefusal(
      await serve(PLAIN, ['--prot', '80']),
      /^error\[unknown_option\]: incant serve has no option --prot\n {2}fix: Did you mean --port\?/,
    )
    const cwd = temporaryFolder({ 'p.ts': PLAIN })
    const ending = await runIncant(['serve', 'p.ts'], { cwd, env: { INCANT_MAX_BODYSIZE: '1' } })
    expectRefusal(
      ending,
      /^error\[unknown_option\]: the environment variable INCANT_MAX_BODYSIZE is not a setting of incant\n {2}fix: Did you mean INCANT_MAX_BODY_SIZE\?\n/,
    )
  })
})

describe('--debug', () => {
  it('shows stacks', async () => {
    const { code, stderr } = await serve(`${PLAIN}throw new RangeError('no model here')\n`, ['--debug'])
    expect(stderr).toMatch(
      /^error\[import_failed\]: loading the file threw RangeError: no model here\n {2}--> p\.ts:3:7\n/,
    )
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
