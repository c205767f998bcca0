// Serves three models together, has one call the others, and follows the trace: node examples/pipeline/check.js
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { install, withServer } from '../serving.js'

const LINES = ['Invoice 2024-117', 'Blue whale poster', 'Total due 48.50']

// The install script would fetch binaries for graphics cards, which are not used here.
install(new URL('../ocr/', import.meta.url), { ONNXRUNTIME_NODE_INSTALL: 'skip' })

const folder = mkdtempSync(join(tmpdir(), 'incant-pipeline-'))
process.env.SPANS_FILE = join(folder, 'spans.jsonl')
process.env.NODE_OPTIONS = `--import ${new URL('spans.js', import.meta.url).href}`
const words = ['--settings', fileURLToPath(new URL('server.yaml', import.meta.url))]
try {
  await withServer(undefined, check, { words })
} finally {
  rmSync(folder, { recursive: true })
}
console.log('pipeline: a page was read, its language identified, in one trace')

async function check(url) {
  const page = await readFile(new URL('../ocr/page.png', import.meta.url))
  const { status, body } = await send(url, page)
  assert.equal(status, 200)
  assert.deepEqual(body.lines, LINES)
  assert.equal(body.language, 'English')
  await checkTrace()
  // The caller gets the message of the step that refuses.
  const refused = await send(url, 'no image')
  assert.equal(refused.status, 422)
  assert.equal(refused.body.detail, 'The body is not an image that can be read.')
  const metrics = await (await fetch(`${url}/metrics`)).text()
  for (const model of ['pipeline', 'ocr', 'language'])
    assert.match(metrics, new RegExp(`^incant_predict_duration_seconds_count\\{model="${model}"\\} [12]$`, 'm'))
}

async function send(url, body) {
  const headers = { 'Content-Type': 'application/octet-stream' }
  const response = await fetch(`${url}/models/pipeline/predict`, { method: 'POST', headers, body })
  return { status: response.status, body: await response.json() }
}

/** One trace, with a call of each model, across four processes: the front and three replicas. */
async function checkTrace() {
  let spans = []
  for (let tries = 0; tries < 100 && !spans.some(({ name }) => name.startsWith('POST')); tries += 1) {
    await sleep(50)
    spans = readSpans().filter(({ name }) => !name.startsWith('GET'))
  }
  assert.deepEqual([...new Set(spans.map(({ traceId }) => traceId))].length, 1)
  assert.equal(new Set(spans.map(({ pid }) => pid)).size, 4)
  assert.deepEqual(
    spans.flatMap(({ name, model }) => (name === 'model' ? [model] : [])),
    ['ocr', 'language'],
  )
  assert.equal(spans.filter(({ name }) => name === 'predict').length, 3)
}

function readSpans() {
  try {
    return readFileSync(process.env.SPANS_FILE, 'utf8')
      .split('\n')
      .filter(line => line !== '')
      .map(line => JSON.parse(line))
  } catch {
    return []
  }
}
