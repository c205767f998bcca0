import { describe, expect, test } from 'vitest'
import { bearerAuth } from '../../src/auth/index.ts'
import { HTTPException } from '../../src/index.ts'
import type { PredictorClass } from '../../src/predictor/base-predictor.ts'
import { batch } from '../../src/predictor/batch-predictor.ts'
import { SequencePredictor, type Step } from '../../src/predictor/sequence-predictor.ts'
import { served } from '../node/_served.ts'
import { expectProblem, postJSON, serveInMemory, signatureOf } from './_serving.ts'
import { Counter, Warm } from './fixtures/sequences.js'

const signature = signatureOf({ role: 'payload' }, { role: 'context' })
const SOURCE = {
  module: new URL('fixtures/sequences.js', import.meta.url),
  main: new URL('../../dist/replica-main.js', import.meta.url),
}

interface Health {
  readonly live: number
  readonly largest: number
  readonly steps: number
}

/** The items of an answer in lines. */
async function itemsOf(response: Response): Promise<unknown[]> {
  const lines = (await response.text()).trimEnd().split('\n')
  return lines.map(line => JSON.parse(line))
}

describe.each([
  ['in this process', { workers: 0 }],
  ['in a replica', { workers: 1, source: SOURCE }],
])('over a socket, %s', { tags: ['slow'] }, (_name, options) => {
  async function serveCounter(predictor: PredictorClass = Counter, more: object = {}) {
    const source = 'source' in options ? { source: { ...options.source, exportName: predictor.name } } : {}
    const { server, lines } = await served(predictor, { signature, ...options, ...source, ...more })
    const call = (payload: object, signal: AbortSignal | null = null) =>
      fetch(`${server.url}/predict`, {
        method: 'POST',
        body: JSON.stringify(payload),
        headers: { 'content-type': 'application/json', accept: 'application/x-ndjson' },
        signal,
      })
    const health = async (): Promise<Health> => {
      // It is what the fixture gives.
      return (await (await fetch(`${server.url}/health`)).json()) as Health
    }
    return { server, lines, call, health }
  }

  test('each caller gets the stream of its own sequence, and they are computed together', async () => {
    const { call, health } = await serveCounter()
    const starts = Array.from({ length: 12 }, (_, index) => 100 * index + 20)
    const read = await Promise.all(starts.map(async from => itemsOf(await call({ from, length: 40 }))))
    for (const [index, items] of read.entries())
      expect(items).toEqual(Array.from({ length: 40 }, (_, count) => (starts[index] ?? 0) + count))
    const { live, largest } = await health()
    expect([live, largest > 1]).toEqual([0, true])
  })

  test('what begin throws is the answer; what fails in the first step, too; later it ends the stream', async () => {
    const { call, health, lines } = await serveCounter()
    const [none, seven, later, thirteen, good] = await Promise.all(
      [{ length: 0 }, { from: 7 }, { from: 5, length: 5 }, { from: 13 }, { from: 100, length: 9 }].map(payload =>
        call(payload),
      ),
    )
    expect([none?.status, seven?.status, later?.status, thirteen?.status, good?.status]).toEqual([
      422, 429, 200, 500, 200,
    ])
    const reader = later?.body?.getReader()
    let text = ''
    const read = async (): Promise<void> => {
      for (let chunk = await reader?.read(); chunk?.done === false; chunk = await reader?.read())
        text += new TextDecoder().decode(chunk.value)
    }
    await expect(read()).rejects.toThrow()
    expect(text).toMatch(/^5\n6\n\{"error":\{.*"detail":"seven"/)
    expect(await itemsOf(good as Response)).toHaveLength(9)
    await expect.poll(async () => (await health()).live).toBe(0)
    expect(
      lines.some(({ message, fields }) => message === 'predict failed' && /thirteen/.test(JSON.stringify(fields))),
    ).toBe(true)
  })

  test('a caller that leaves takes its sequence with it', async () => {
    const { call, health } = await serveCounter()
    const leaving = new AbortController()
    const response = await call({ from: 20, length: 1e9 }, leaving.signal)
    await response.body?.getReader().read()
    leaving.abort()
    await expect.poll(async () => (await health()).live).toBe(0)
  })

  test('the deadline ends a sequence, and no other', async () => {
    const { call, health } = await serveCounter(Counter, { requestTimeout: 2000 })
    const late = await call({ from: 20, length: 1e9 })
    const prompt = itemsOf(await call({ from: 20, length: 30 }))
    expect(await late.text().catch(() => 'cut off')).toMatch(/cut off|deadline_exceeded/)
    expect(await prompt).toHaveLength(30)
    await expect.poll(async () => (await health()).live).toBe(0)
  })

  test('a reader that stalls pauses its own sequence', async () => {
    const { call, health } = await serveCounter()
    const stalled = await call({ from: 20, length: 1e6, size: 20_000 })
    expect(await itemsOf(await call({ from: 20, length: 200 }))).toHaveLength(200)
    const idle = async (): Promise<boolean> => {
      const before = await health()
      await itemsOf(await call({ from: 20, length: 3 }))
      const { steps } = await health()
      return steps - before.steps <= 4
    }
    // Once nobody reads, a few steps are those of the short one alone.
    await expect.poll(idle, { timeout: 20_000 }).toBe(true)
    expect((await health()).live).toBe(1)
    await stalled.body?.cancel()
    await expect.poll(async () => (await health()).live).toBe(0)
  })

  test('they are warmed up together', async () => {
    const { health } = await serveCounter(Warm)
    expect(await health()).toEqual({ live: 0, largest: 2, steps: 2 })
  })

  test('a server that stops lets them finish within its grace period', async () => {
    const { server, call, lines } = await serveCounter()
    const response = await call({ from: 20, length: 2000 })
    const closing = server.close({ gracePeriod: 30_000 })
    expect(await itemsOf(response)).toHaveLength(2000)
    await closing
    expect(lines.filter(({ level }) => level === 'error')).toEqual([])
  })

  test('and ends those that take longer before the predictor closes', async () => {
    const { server, call, lines } = await serveCounter()
    const response = await call({ from: 20, length: 1e9 })
    const reading = response.text().catch(() => 'cut off')
    await server.close({ gracePeriod: 1 })
    expect(await reading).toMatch(/cut off|interrupted|draining/)
    expect(lines.filter(({ level }) => level === 'error')).toEqual([])
  })

  test('what is counted is shown', async () => {
    const { server, call } = await serveCounter()
    await itemsOf(await call({ from: 20, length: 8 }))
    const shown = async (): Promise<string> => (await fetch(`${server.url}/metrics`)).text()
    await expect.poll(shown).toMatch(/^incant_step_size_count 8$/m)
    expect(await shown()).toMatch(/^incant_step_size_sum 8$/m)
    expect(await shown()).toMatch(/^incant_step_duration_seconds_count 8$/m)
    await expect.poll(shown, { timeout: 20_000 }).toMatch(/^incant_sequences\{replica="\w+",state="running"\} 0$/m)
  })
})

describe('in memory', () => {
  class Letters extends SequencePredictor {
    async begin(text: string): Promise<{ rest: string[] }> {
      if (text === '') throw new HTTPException(422, { message: 'nothing to spell' })
      return { rest: [...text] }
    }

    step(states: { rest: string[] }[]): Step<string>[] {
      return states.map(({ rest }) => ({ item: rest.shift(), done: rest.length === 0 }))
    }
  }
  const letters = signatureOf({ role: 'text', schema: { type: 'string' } })

  test('begin may be async, and a state without an end needs none', async () => {
    const { app } = await serveInMemory(Letters, { signature: letters })
    const response = await postJSON(app, 'abc', { accept: 'application/x-ndjson' })
    expect(await itemsOf(response)).toEqual(['a', 'b', 'c'])
    await expectProblem(await postJSON(app, ''), 422, 'http_422')
    await expectProblem(await postJSON(app, 7), 422, 'invalid_payload')
  })

  test('as many calls are in flight as two full steps hold', async () => {
    const held: number[] = []
    class Held extends Letters {
      override step(states: { rest: string[] }[]): Step<string>[] {
        held.push(states.length)
        return super.step(states)
      }
    }
    batch({ maxSize: 24 })(Held)
    const { app } = await serveInMemory(Held, { signature: letters })
    await Promise.all(Array.from({ length: 48 }, async () => (await postJSON(app, 'abcdef')).text()))
    expect(Math.max(...held)).toBe(24)
  })

  test('and no more states are in memory, however small a step is', async () => {
    let live = 0
    let most = 0
    class Held extends Letters {
      override async begin(text: string): Promise<{ rest: string[] }> {
        live += 1
        most = Math.max(most, live)
        return super.begin(text)
      }

      end(): void {
        live -= 1
      }
    }
    batch({ maxSize: 2 })(Held)
    const { app } = await serveInMemory(Held, { signature: letters })
    await Promise.all(Array.from({ length: 20 }, async () => (await postJSON(app, 'abcdef')).text()))
    expect([live, most]).toEqual([0, 4])
  })

  test('a strategy on begin protects the model', async () => {
    class Guarded extends Letters {
      @bearerAuth({ tokens: ['a-token-of-the-test'] })
      override begin(text: string): Promise<{ rest: string[] }> {
        return super.begin(text)
      }
    }
    const { app } = await serveInMemory(Guarded, { signature: letters })
    await expectProblem(await postJSON(app, 'abc'), 401, 'unauthorized')
    const headers = { authorization: 'Bearer a-token-of-the-test' }
    expect((await postJSON(app, 'abc', headers)).status).toBe(200)
  })
})

describe('as a chat model', () => {
  interface Chat {
    readonly words: string[]
    said: number
  }

  /** Says the words of the message again. */
  class Parrot extends SequencePredictor {
    readonly steps: number[] = []
    live = 0

    begin({ messages }: { messages: { content: string }[] }): Chat {
      this.live += 1
      return { words: (messages[0]?.content ?? '').split(/(?= )/), said: 0 }
    }

    step(chats: Chat[]): Step<string, object>[] {
      this.steps.push(chats.length)
      return chats.map(chat => {
        const item = chat.words[chat.said]
        chat.said += 1
        const usage = { prompt_tokens: chat.words.length, completion_tokens: chat.said }
        return { item, done: chat.said >= chat.words.length, result: { finish_reason: 'length', usage } }
      })
    }

    end(): void {
      this.live -= 1
    }

    override health(): object {
      return { live: this.live, largest: Math.max(0, ...this.steps) }
    }
  }

  async function serveParrot() {
    const { app } = await serveInMemory(Parrot, { signature: signatureOf({ protocol: 'openai.chat' }) })
    const ask = (content: string, more: object = {}) =>
      app.request('/v1/chat/completions', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ messages: [{ role: 'user', content }], ...more }),
      })
    return { ask, health: async (): Promise<unknown> => (await app.request('/health')).json() }
  }

  test('chats share steps, and the result is the reason and the usage', async () => {
    const { ask, health } = await serveParrot()
    const texts = ['one by one', 'two and two are four', 'three']
    const answers = await Promise.all(texts.map(async text => (await ask(text)).json()))
    for (const [index, text] of texts.entries()) {
      const count = text.split(' ').length
      expect(answers[index]).toMatchObject({
        choices: [{ message: { content: text }, finish_reason: 'length' }],
        usage: { prompt_tokens: count, completion_tokens: count, total_tokens: 2 * count },
      })
    }
    expect(await health()).toEqual({ live: 0, largest: 3 })
  })

  test('one that has reached a stop text leaves the batch', async () => {
    const { ask, health } = await serveParrot()
    const answer: unknown = await (await ask(`stop here ${'and go on '.repeat(10_000)}`, { stop: 'here' })).json()
    expect(answer).toMatchObject({ choices: [{ message: { content: 'stop ' }, finish_reason: 'stop' }] })
    await expect.poll(health).toMatchObject({ live: 0 })
  })
})
