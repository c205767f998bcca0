import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { HTTPException } from 'hono/http-exception'
import { onTestFinished } from 'vitest'
import { ModelClient } from '../../../src/client/index.ts'
import { BasePredictor, type PredictorClass } from '../../../src/predictor/base-predictor.ts'
import type { PredictContext } from '../../../src/predictor/context.ts'
import type { SignatureData } from '../../../src/signature/signature.ts'
import { served } from '../../node/_served.ts'

interface Wish {
  readonly count?: number
  readonly fail?: boolean | number
  readonly hold?: boolean
  readonly bytes?: number
}

/** How often predict has begun. */
export const calls = { begun: 0 }

/** Counts, fails, or runs until it is told to stop. */
export class Worker extends BasePredictor {
  async predict({ count, fail, hold, bytes }: Wish, { signal }: PredictContext): Promise<unknown> {
    calls.begun += 1
    if (typeof fail === 'number') throw new HTTPException(fail as 404, { message: 'as wished' })
    if (fail === true) throw new Error('private')
    if (bytes !== undefined) return new Uint8Array(bytes)
    if (hold === true)
      await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    return count === undefined ? 'ok' : countTo(count)
  }
}

async function* countTo(count: number): AsyncGenerator<number, string> {
  for (let item = 1; item <= count; item += 1) yield item
  return 'counted'
}

export const SIGNATURE: SignatureData = {
  version: 1,
  className: 'Worker',
  parameters: [
    {
      name: 'wish',
      role: 'payload',
      schema: {
        type: 'object',
        properties: {
          count: { type: 'integer' },
          fail: { type: ['boolean', 'integer'] },
          hold: { type: 'boolean' },
          bytes: { type: 'integer' },
        },
      },
    },
    { name: 'context', role: 'context' },
  ],
  returns: [],
  definitions: {},
}

export async function serveJobs(predictor: PredictorClass = Worker, options = {}) {
  const { server, lines } = await served(predictor, {
    ...{ signature: SIGNATURE, workers: 0, protocols: ['jobs'], webhookAllow: ['127.0.0.0/8'] },
    ...options,
  })
  const ask = async (method: string, path: string, { body, ...headers }: Record<string, unknown> = {}) => {
    const response = await fetch(server.url + path, {
      method,
      headers: { 'content-type': 'application/json', ...(headers as Record<string, string>) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJSON = /^application\/(problem\+)?json/.test(response.headers.get('content-type') ?? '')
    return {
      status: response.status,
      headers: response.headers,
      body: isJSON ? JSON.parse(text) : text,
    }
  }
  return { server, url: server.url, ask, lines, model: new ModelClient(server.url) }
}

/** A receiver of webhooks, and what it has got. */
export interface Sink {
  readonly url: string
  readonly received: { readonly id: string; readonly job: Record<string, unknown> }[]
}

export async function listenForWebhooks(status = 200, location?: string): Promise<Sink> {
  const received: Sink['received'] = []
  const server = createServer(async (request, response) => {
    const job = (await json(request)) as Record<string, unknown>
    received.push({ id: String(request.headers['webhook-id']), job })
    response.writeHead(status, location === undefined ? {} : { location }).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, received }
}
