import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { BasePredictor } from '../../src/predictor/base-predictor.ts'
import { served } from '../node/_served.ts'
import { SIGNED_WEBHOOK, WEBHOOK_SECRET } from './_signed-webhook.ts'

/** All that the client may use beside the language: what browsers, workers, Deno, Bun and Node have alike. */
const PLATFORM = {
  fetch,
  Headers,
  URL,
  AbortController,
  TextEncoder,
  TextDecoder,
  atob,
  btoa,
  crypto,
  setTimeout,
  clearTimeout,
  performance,
}

class Predictor extends BasePredictor {
  predict({ count }: { count: number }): unknown {
    return count === 0 ? { none: true } : stream(count)
  }
}

async function* stream(count: number): AsyncGenerator<number> {
  for (let index = 0; index < count; index += 1) yield index
}

/** What a program with the built client does, in a realm of its own. */
const PROGRAM = `(async () => {
  const model = new client.ModelClient(url, { auth: { basic: { name: 'a', password: () => 'b' } } })
  const items = []
  for await (const item of await model.predict({ count: 3 })) items.push(item)
  const failure = await model.predict('no JSON').catch(error => [error instanceof client.RequestRefusedError, error.code])
  const bytes = await model.predict({ count: 0, bytes: new Uint8Array(2), at: new Date(0), big: 1n })
  const { job } = await client.verifyWebhook(webhook, { secret, tolerance: Infinity })
  return JSON.stringify({ items, failure, bytes, job, ready: await model.ready(), health: await model.health() })
})()`

/** Files of the package that a built file contains. */
async function sourcesOf(built: string): Promise<string[]> {
  const { sources }: { sources: string[] } = JSON.parse(await readFile(`${built}.map`, 'utf8'))
  return sources
}

test('the built client runs where there is nothing but a web platform', async () => {
  const entry = fileURLToPath(new URL('../../dist/client.js', import.meta.url))
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    format: 'iife',
    globalName: 'client',
    platform: 'neutral',
  })
  // Of the rest of the package it takes the forms of JSON that both ends share, signatures, durations, and types.
  const sources = (await Promise.all(Object.keys(metafile.inputs).map(sourcesOf))).flat()
  expect(sources.some(path => path.endsWith('/src/client/model-client.ts'))).toBe(true)
  expect(sources.filter(path => !/\/src\/(?:client|json|signing|units)\//.test(path))).toEqual([])
  const { server } = await served(Predictor)
  const context = createContext({ ...PLATFORM, url: server.url, webhook: SIGNED_WEBHOOK, secret: WEBHOOK_SECRET })
  runInContext(outputFiles[0]?.text ?? '', context)
  const answer: Promise<string> = runInContext(PROGRAM, context)
  expect(JSON.parse(await answer)).toEqual({
    items: [0, 1, 2],
    failure: [true, 'invalid_json'],
    bytes: { none: true },
    job: { id: 'a', status: 'canceled' },
    ready: true,
    health: { status: 'ok' },
  })
})
