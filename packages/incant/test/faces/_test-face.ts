import type { FaceExchange } from '../../src/faces/exchange.ts'
import type { Face } from '../../src/faces/face.ts'
import type { FaceAnswer, FaceModels, ItemsAnswer } from '../../src/faces/model.ts'
import { Answer } from '../../src/http/answer.ts'
import { ReceivedForm } from '../../src/http/form/received-form.ts'

/** What a caller of the face sends. */
interface Call {
  readonly model?: string
  readonly payload?: unknown
  readonly answer?: 'value' | 'items'
  /** How many calls to make at once. */
  readonly times?: number
}

/** A small protocol that uses all there is for faces; it is in none of our servers. */
export const TEST_FACE: Face = {
  protocol: 'openai',
  areas: ['/t1', '/other/t1'],
  describe({ signature }) {
    if (!signature.parameters.some(({ role }) => role === 'request')) {
      const answer = { schema: {} }
      const operation = { method: 'POST', path: '/t1/call', summary: 'Call', body: { schema: {} }, answer } as const
      return { fits: true, operations: [operation] }
    }
    return { fits: false, reason: 'predict takes a Request', instead: 'Take a payload.' }
  },
  routes: [
    { method: 'GET', path: '/t1/models', body: 'none', handle: list },
    {
      method: 'GET',
      path: '/t1/models/*',
      body: 'none',
      handle: ({ params, query }) => json({ params, q: query.get('q') }),
    },
    { method: 'POST', path: '/t1/call', body: 'json', handle: call },
    { method: 'POST', path: '/other/t1/call', body: 'json', handle: call },
    { method: 'POST', path: '/t1/form', body: 'form', handle: ({ body }) => json({ names: namesOf(body) }) },
    {
      method: 'POST',
      path: '/t1/bytes/:name/end',
      body: 'bytes',
      handle: ({ body, params }) => json({ params, length: lengthOf(body) }),
    },
    { method: 'GET', path: '/t1/things/:id', body: 'none', handle: ({ params }) => json(params) },
    { method: 'DELETE', path: '/t1/things/:id', body: 'none', handle: ({ params }) => json({ deleted: params['id'] }) },
    { method: 'GET', path: '/t1/where', body: 'none', access: 'public', handle: () => json({ at: 'here' }) },
    { method: 'GET', path: '/t1/ready', body: 'none', access: 'public', handle: ready },
    { method: 'POST', path: '/t1/leave', body: 'json', handle: leave },
    { method: 'POST', path: '/t1/fail', body: 'json', handle: fail },
  ],
  refuse({ problem, body }) {
    const status = problem.status === 422 ? 400 : problem.status
    const error = { message: problem.detail ?? problem.title, code: problem.code, read: body !== undefined }
    return { status, headers: { 'x-face': 'test' }, document: { ...problem, status, error } }
  },
}

function json(value: object): Answer {
  return new Answer(200, { 'Content-Type': 'application/json' }, JSON.stringify(value))
}

function fail(): never {
  throw new Error('the face is broken')
}

async function ready(_exchange: FaceExchange, models: FaceModels): Promise<Answer> {
  const listed = await models.list()
  return json({ server: models.isReady, models: listed.map(({ isReady }) => isReady) })
}

/** Answers while one stream has not been read, and another call is not done. */
async function leave(exchange: FaceExchange, { only }: FaceModels): Promise<Answer> {
  // The tests send nothing else.
  const { payload, pending } = exchange.body as { readonly payload: unknown; readonly pending: unknown }
  const answer = await only?.call(exchange, payload, { answer: 'items' })
  only?.call(exchange, pending, { answer: 'value' }).catch(() => {})
  return json({ kind: answer instanceof Response ? 'response' : answer?.kind })
}

async function list(_exchange: FaceExchange, models: FaceModels): Promise<Answer> {
  const listed = await models.list()
  return json(
    listed.map(({ name, version = null, created }) => ({
      name,
      version,
      isRecent: Math.abs(Date.now() / 1000 - created) < 3600,
    })),
  )
}

async function call(exchange: FaceExchange, models: FaceModels): Promise<Answer | Response> {
  // The tests send nothing else.
  const { model: name, payload, answer = 'value', times = 1 } = exchange.body as Call
  const model = name === undefined ? models.only : models.find(name)
  if (model === undefined) return new Answer(404, { 'Content-Type': 'application/json' }, '{"missing":true}')
  const answers = await Promise.all(Array.from({ length: times }, () => model.call(exchange, payload, { answer })))
  const [first] = answers
  if (first instanceof Response) return first
  if (first !== undefined && first.kind === 'items') return stream(exchange, first)
  return json({ answers: await Promise.all(answers.map(show)) })
}

async function show(answer: FaceAnswer): Promise<unknown> {
  if (answer instanceof Response) return 'response'
  if (answer.kind === 'value') return answer
  if (answer.kind === 'items') return 'items'
  const body = new Response(answer.body as Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>)
  return { contentType: answer.contentType, text: await body.text() }
}

function stream(exchange: FaceExchange, answer: ItemsAnswer): Answer {
  const encoder = new TextEncoder()
  const events = write(exchange, answer)
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await events.next()
      if (done === true) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    cancel: () => void events.return(undefined),
  })
  return new Answer(200, { 'Content-Type': 'text/event-stream' }, body)
}

async function* write(exchange: FaceExchange, { items, returned }: ItemsAnswer): AsyncGenerator<string, void> {
  try {
    for await (const item of items) yield `data: {"item":${item}}\n\n`
    yield `data: ${JSON.stringify({ returned: await returned })}\n\n`
  } catch (thrown) {
    yield `data: ${JSON.stringify({ error: exchange.describeBreak(thrown) })}\n\n`
  }
}

function namesOf(body: unknown): readonly string[] {
  return body instanceof ReceivedForm ? body.entries.map(([name]) => name) : []
}

function lengthOf(body: unknown): number {
  return body instanceof Uint8Array ? body.length : -1
}
