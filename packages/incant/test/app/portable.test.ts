import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { expect, test } from 'vitest'

const run = promisify(execFile)

/** What a runtime without Node's globals is asked to do. */
const PROGRAM = `
  import { BasePredictor, createApp, HTTPException, silentLogger } from './index.ts'

  class Predictor extends BasePredictor {
    async predict({ kind, bytes }) {
      if (kind === 'bytes') return bytes
      if (kind === 'stream') return (async function* () { yield 1; yield 2 })()
      if (kind === 'refuse') throw new HTTPException(418)
      if (kind === 'throw') throw new Error('no')
      return { kind }
    }
  }

  const properties = {
    kind: { type: 'string' },
    bytes: { type: 'string', contentEncoding: 'base64', 'x-incant-type': 'Uint8Array' },
  }
  const signature = {
    version: 1,
    className: 'Predictor',
    parameters: [{ name: 'payload', role: 'payload', schema: { type: 'object', properties, required: ['kind'] } }],
    returns: [],
    definitions: {},
  }
  const app = createApp(Predictor, { signature, logger: silentLogger })
  await app.ready
  const answers = []
  for (const body of ['{"kind":"json"}', '{"kind":"bytes","bytes":"QUI="}', '{"kind":"stream"}', '{"kind":"refuse"}',
    '{"kind":"throw"}', '{"kind":5}', '{']) {
    const response = await app.fetch(new Request('http://localhost/predict', { method: 'POST', body }))
    answers.push([response.status, response.ok ? await response.text() : (await response.json()).code])
  }
  answers.push((await app.fetch(new Request('http://localhost/openapi.json'))).status)
  await app.stop()
  await app.close()
  console.log(JSON.stringify(answers))
`

/** Names as they are in a runtime that has them not. Taking them away would take Node's own `Request` along. */
const WITHOUT_NODE = Object.fromEntries(
  ['process', 'Buffer', 'global', 'setImmediate', 'require'].flatMap(name => [
    [name, 'undefined'],
    [`globalThis.${name}`, 'undefined'],
  ]),
)

/** What a script prints. */
async function runScript(script: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'incant-portable-'))
  try {
    const file = join(folder, 'program.mjs')
    await writeFile(file, script)
    return (await run(process.execPath, [file])).stdout
  } finally {
    await rm(folder, { recursive: true })
  }
}

test('the main entry works where there is no process, no Buffer and no Node module', async () => {
  const resolveDir = fileURLToPath(new URL('../../src/', import.meta.url))
  const bundle = await build({
    stdin: { contents: PROGRAM, resolveDir, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    define: WITHOUT_NODE,
  })
  expect(JSON.parse(await runScript(bundle.outputFiles[0]?.text ?? ''))).toEqual([
    [200, '{"kind":"json"}'],
    [200, 'AB'],
    [200, 'data: 1\n\ndata: 2\n\n'],
    [418, 'http_418'],
    [500, 'internal'],
    [422, 'invalid_payload'],
    [400, 'invalid_json'],
    200,
  ])
})
