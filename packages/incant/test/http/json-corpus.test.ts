import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApp } from '../../src/app/create-app.ts'
import { silentLogger } from '../../src/log/logger.ts'
import { type PredictorServer, serve } from '../../src/node/index.ts'
import { BasePredictor } from '../../src/predictor/base-predictor.ts'
import { allowedStatuses, type CorpusCase, readCorpus } from './json-corpus.ts'

class Echo extends BasePredictor {
  predict(payload: unknown): unknown {
    return { payload }
  }
}

interface Answer {
  readonly status: number
  readonly text: string
}

type Send = (body: Uint8Array<ArrayBuffer>) => Promise<Answer>

const corpus = readCorpus()
const headers = { 'content-type': 'application/json' }

/** What is wrong with the answer to a case; nothing, if all is well. */
async function judge({ kind, bytes }: CorpusCase, send: Send): Promise<string | undefined> {
  const { status, text } = await send(bytes)
  if (!allowedStatuses(kind).includes(status)) return `${status}: ${text}`
  if (status === 400) return JSON.parse(text).code in REFUSALS ? undefined : text
  // What came back is what came in, whatever the spelling.
  return same(bytes, text) ? undefined : `gives back ${text}`
}

const REFUSALS = { invalid_json: 1, invalid_utf8: 1, too_deep: 1, forbidden_key: 1, empty_body: 1 }

function same(bytes: Uint8Array, text: string): boolean {
  const payload: unknown = JSON.parse(new TextDecoder().decode(bytes))
  return JSON.stringify({ payload }) === text
}

function describeCorpus(name: string, send: Send): void {
  describe(name, () => {
    test.each(['y', 'n', 'i'] as const)('cases of the kind %s', async kind => {
      const wrong: string[] = []
      const cases = corpus.filter(one => one.kind === kind)
      for (let start = 0; start < cases.length; start += 50) {
        await Promise.all(
          cases.slice(start, start + 50).map(async one => {
            const trouble = await judge(one, send)
            if (trouble !== undefined) wrong.push(`${one.written} → ${trouble}`)
          }),
        )
      }
      expect(wrong).toEqual([])
    })

    test('five million brackets are a 400', async () => {
      const brackets = new Uint8Array(5_000_000).fill(0x5b)

      const { status, text } = await send(brackets)
      expect({ status, code: JSON.parse(text).code }).toEqual({ status: 400, code: 'too_deep' })
    })
  })
}

test('the corpus has cases enough, and none twice', () => {
  expect(corpus.length).toBeGreaterThan(200)
  const written = corpus.map(one => one.written)
  expect(written.filter((one, index) => written.indexOf(one) !== index)).toEqual([])
})

const app = createApp(Echo, { logger: silentLogger })
beforeAll(() => app.ready)
afterAll(() => app.close())

describeCorpus('in memory', async body => {
  const response = await app.request('/predict', { method: 'POST', headers, body })
  return { status: response.status, text: await response.text() }
})

let server: PredictorServer
beforeAll(async () => {
  server = await serve(Echo, { port: 0, logLevel: 'silent' })
  await server.ready
})
afterAll(() => server.close())

describeCorpus('over a socket', async body => {
  const response = await fetch(`${server.url}/predict`, { method: 'POST', headers, body })
  return { status: response.status, text: await response.text() }
})
