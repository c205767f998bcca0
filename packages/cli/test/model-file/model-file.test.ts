// @module-tag slow
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { type IncantProcess, runIncant, startIncant } from '../incant-process.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { ROWS_FILES } from './rows-runtime.ts'

const RUNTIME = ['--runtime', 'rows-runtime']

async function serve(words: readonly string[], cwd: string): Promise<IncantProcess & { readonly url: string }> {
  const server = startIncant(['serve', ...words, ...RUNTIME, '--port', '0', '--drain-delay', '0s'], { cwd })
  const { url } = await server.ready()
  return Object.assign(server, { url })
}

async function post(url: string, payload: unknown): Promise<[number, Record<string, never>]> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(payload) })
  return [response.status, (await response.json()) as Record<string, never>]
}

describe('a model file of another format, with --runtime', () => {
  it('is served in processes: arrays in arrays or tensors, and what does not fit is a 422', async () => {
    const server = await serve(['add.rows'], temporaryFolder(ROWS_FILES))
    const [status, answer] = await post(`${server.url}/predict`, { x: [[1, 2]] })
    expect(answer).toMatchObject({ 'y.0': { datatype: 'FP32', shape: [1, 2], data: [2, 3] } })
    expect(status).toBe(200)
    expect(answer['pid']?.['data']).not.toEqual([String(server.id)])
    const tensor = { datatype: 'FP32', shape: [2, 1], data: [4, 5] }
    expect(await post(`${server.url}/predict`, { x: tensor })).toMatchObject([200, { 'y.0': { data: [5, 6] } }])
    expect(await post(`${server.url}/predict`, { x: [[1], [2, 3]] })).toMatchObject([
      422,
      { errors: [{ pointer: '#/x/1', detail: 'must have 1 item, as the first of this dimension has' }] },
    ])
    expect(await post(`${server.url}/predict`, { x: 'no' })).toMatchObject([422, { code: 'invalid_payload' }])
    const document = await (await fetch(`${server.url}/openapi.json`)).text()
    expect(document).toContain('FP32 [batch, width]')
    server.kill('SIGTERM')
    expect((await server.ended).code).toBe(0)
  })

  it('answers on protocols under the name of its file', async () => {
    const server = await serve(['add.rows', '--protocol', 'v2'], temporaryFolder(ROWS_FILES))
    const metadata = (await (await fetch(`${server.url}/v2/models/add`)).json()) as Record<string, unknown>
    expect(metadata).toMatchObject({
      name: 'add',
      inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, -1] }],
      outputs: [
        { name: 'y.0', datatype: 'FP32', shape: [-1, -1] },
        { name: 'pid', datatype: 'INT64', shape: [-1] },
      ],
    })
    const inputs = [{ name: 'x', datatype: 'FP32', shape: [2, 1], data: [1, 2] }]
    const [status, answer] = await post(`${server.url}/v2/models/add/infer`, { inputs })
    expect(answer['outputs']?.[0]).toMatchObject({ name: 'y.0', shape: [2, 1], data: [2, 3] })
    expect(status).toBe(200)
  })

  it('is served in this process with --workers 0', async () => {
    const server = await serve(['add.rows', '--workers', '0'], temporaryFolder(ROWS_FILES))
    const [, answer] = await post(`${server.url}/predict`, { x: [[1]] })
    expect(answer).toMatchObject({ pid: { data: [String(server.id)] } })
  })

  it('is served beside code, each under its name', async () => {
    const code = `import { BasePredictor } from 'incant'
export default class P extends BasePredictor { predict(p: { a: number }): number { return p.a } }`
    const cwd = temporaryFolder({ ...ROWS_FILES, 'twice.ts': code })
    const server = await serve(['add.rows', 'twice.ts', 'again=add.rows'], cwd)
    expect(await post(`${server.url}/models/add/predict`, { x: [[1]] })).toMatchObject([200, { 'y.0': { data: [2] } }])
    expect(await post(`${server.url}/models/again/predict`, { x: [[1]] })).toMatchObject([200, {}])
    expect(await post(`${server.url}/models/twice/predict`, { a: 3 })).toEqual([200, 3])
  })

  it('is served anew with --watch when it changes, and as before when it cannot be read', async () => {
    const cwd = temporaryFolder(ROWS_FILES)
    const server = await serve(['add.rows', '--watch'], cwd)
    const ask = async () => (await post(`${server.url}/predict`, { x: [[1]] }))[1]['y.0']?.['data']
    writeFileSync(join(cwd, 'add.rows'), '{ "bias": 5 }')
    await expect.poll(ask, { timeout: 20_000 }).toEqual([6])
    writeFileSync(join(cwd, 'add.rows'), '{ "bias": ')
    await expect.poll(() => server.output.stdout, { timeout: 20_000 }).toContain('reload failed')
    expect(await ask()).toEqual([6])
  })

  it('is checked with --validate', async () => {
    const cwd = temporaryFolder(ROWS_FILES)
    const { code, stdout } = await runIncant(['serve', 'add.rows', '--validate', ...RUNTIME], { cwd })
    expect(stdout).toMatch(/^ok add\.rows: add\.predict\(inputs: \{ x: Float32Array\[\] \|/)
    expect(code).toBe(0)
  })

  it.each([[['late.rows']], [['late.rows', 'add.rows']]])(
    'is opened with --validate, which finds what its description does not say: %s',
    async files => {
      const cwd = temporaryFolder({ ...ROWS_FILES, 'late.rows': '{ "bias": 1001 }' })
      const { code, stderr } = await runIncant(['serve', ...files, '--validate', ...RUNTIME], { cwd })
      expect(stderr).toContain('bias needs a newer runtime')
      expect(code).toBe(1)
    },
  )

  it('is named in a settings file', async () => {
    const settings = 'models:\n  first: add.rows\n  second: { file: add.rows }\n'
    const cwd = temporaryFolder({ ...ROWS_FILES, 'incant.yaml': settings })
    const server = await serve(['--settings', 'incant.yaml'], cwd)
    expect(await post(`${server.url}/models/second/predict`, { x: [[1]] })).toMatchObject([200, {}])
  })

  it.each([
    ['no-such-runtime', /there is no runtime no-such-runtime\n.*npm install no-such-runtime/],
    ['./other.js', /the default export of \.\/other\.js is not a model runtime/],
    ['onnx', /add\.rows does not end in \.onnx, as files of the runtime onnx do/],
  ])('is refused with --runtime %s', async (runtime, message) => {
    const cwd = temporaryFolder({ ...ROWS_FILES, 'other.js': 'module.exports = {}' })
    const { code, stderr } = await runIncant(['serve', 'add.rows', '--runtime', runtime], { cwd })
    expect(stderr).toMatch(message)
    expect(code).toBe(1)
  })
})

describe('incant inspect of a model file', () => {
  it('prints its tensors, and nothing of it runs', async () => {
    const { stdout, code } = await runIncant(['inspect', 'add.rows', ...RUNTIME], { cwd: temporaryFolder(ROWS_FILES) })
    expect(stdout).toMatch(/^add\.rows\nadd\.predict\(.*\nAdds a number\.\n/)
    expect(stdout).toContain(
      '\ninputs:\n  x  FP32 [batch, width]\n\noutputs:\n  y.0  FP32 [batch, width]\n  pid  INT64 [batch]\n',
    )
    expect(code).toBe(0)
  })

  it('writes with --as a class that has the same signature and does the same', async () => {
    const cwd = temporaryFolder({ ...ROWS_FILES, 'package.json': '{ "type": "module" }' })
    const written = await runIncant(['inspect', 'add.rows', '--as', 'predictor.ts', ...RUNTIME], { cwd })
    expect(written).toMatchObject({ code: 0, stdout: '', stderr: 'wrote predictor.ts\n' })
    const text = readFileSync(join(cwd, 'predictor.ts'), 'utf8')
    expect(text).toContain(
      "openModel<Inputs, Outputs>(new URL('./add.rows', import.meta.url), { runtime: 'rows-runtime' })",
    )
    const again = await runIncant(['inspect', 'add.rows', '--as', 'predictor.ts', ...RUNTIME], { cwd })
    expect(again.stderr).toContain('predictor.ts exists already')
    expect(again.code).toBe(1)

    linkPackages(cwd)
    const [ofFile, ofClass] = await Promise.all(
      [['add.rows', ...RUNTIME], ['predictor.ts']].map(async words => {
        const { stdout } = await runIncant(['inspect', '--json', ...words], { cwd })
        return JSON.parse(stdout)
      }),
    )
    // The order of alternatives says nothing.
    expect(toComparable(ofClass)).toEqual(toComparable(ofFile))
    const server = startIncant(['serve', 'predictor.ts', '--port', '0'], { cwd })
    const { url } = await server.ready()
    expect(server.output.stdout).not.toContain('"level":"error"')
    expect(await post(`${url}/predict`, { x: [[1, 2]] })).toMatchObject([
      200,
      { 'y.0': { shape: [1, 2], data: [2, 3] } },
    ])
  })

  it('writes no class over what is no model file', async () => {
    const cwd = temporaryFolder({
      'p.ts': `import { BasePredictor } from 'incant'\nexport default class P extends BasePredictor { predict(p: { a: number }): number { return p.a } }`,
    })
    const { code, stderr } = await runIncant(['inspect', 'p.ts', '--as', 'q.ts'], { cwd })
    expect(stderr).toContain('p.ts is code, and --as writes code for a model file')
    expect(code).toBe(1)
  })
})

describe('an ONNX file', () => {
  it('needs onnxruntime-node to be served, and the message says how to get it', async () => {
    const cwd = temporaryFolder()
    writeFileSync(join(cwd, 'm.onnx'), smallest())
    const { code, stderr } = await runIncant(['serve', 'm.onnx'], { cwd })
    expect(stderr).toContain(
      `ONNX files need the package onnxruntime-node, which is installed neither in ${cwd} nor in ${cwd}`,
    )
    expect(stderr).toContain('npm install onnxruntime-node')
    expect(code).toBe(1)
    const inspected = await runIncant(['inspect', 'm.onnx'], { cwd })
    expect(inspected.stdout).toContain('outputs:\n  y  FP32 [n]')
    expect(inspected.code).toBe(0)
  })

  it('is never imported: text with that ending is refused', async () => {
    const cwd = temporaryFolder({ 'm.onnx': 'console.log("it runs"); export default class {}' })
    const { code, stdout, stderr } = await runIncant(['serve', 'm.onnx'], { cwd })
    expect(stderr).toContain('m.onnx is not an ONNX model')
    expect(stdout).not.toContain('it runs')
    expect(code).toBe(1)
  })
})

/** A ModelProto with one output, `y`, of floats: nothing else in it. */
function smallest(): Uint8Array {
  const dimension = [0x0a, 3, 0x12, 1, 0x6e]
  const type = [0x0a, 4 + dimension.length, 0x08, 1, 0x12, dimension.length, ...dimension]
  const value = [0x0a, 1, 0x79, 0x12, type.length, ...type]
  const graph = [0x62, value.length, ...value]
  return Uint8Array.from([0x08, 8, 0x3a, graph.length, ...graph])
}

/** A project has them installed. */
function linkPackages(cwd: string): void {
  const incant = dirname(fileURLToPath(import.meta.resolve('incant/package.json')))
  symlinkSync(incant, join(cwd, 'node_modules/incant'))
}

interface Signature {
  readonly parameters: readonly { readonly schema: unknown }[]
  readonly returns: readonly { readonly kind: string; readonly schema: unknown }[]
  readonly batched: unknown
}

function toComparable({ parameters, returns, batched }: Signature): unknown {
  return { schema: sortAlternatives(parameters[0]?.schema), returns: sortAlternatives(returns), batched }
}

function sortAlternatives(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortAlternatives)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).map(([name, member]) => [name, sortAlternatives(member)] as const)
  return Object.fromEntries(
    members.map(([name, member]) =>
      name === 'anyOf' && Array.isArray(member)
        ? [name, member.toSorted((left, right) => JSON.stringify(left).localeCompare(JSON.stringify(right)))]
        : [name, member],
    ),
  )
}
