import type { PredictSignature, RequestProtocol } from 'incant'
import { Cancellation } from '../../../src/engine/cancellation.ts'
import { RequestError } from '../../../src/errors/request-error.ts'
import type { FaceExchange } from '../../../src/faces/exchange.ts'
import type { FaceAnswer, FaceModel, FaceModels } from '../../../src/faces/model.ts'
import { openAIFace } from '../../../src/faces/openai/face.ts'
import { type Answer, toResponse } from '../../../src/http/answer.ts'
import { describeFailure } from '../../../src/http/failure.ts'
import { silentLogger } from '../../../src/log/logger.ts'
import type { JSONSchema } from '../../../src/schema/json-schema.ts'
import { compileValidator } from '../../../src/validation/validator.ts'

/** What a model is made of here: predict, and what its types say. */
export interface ModelParts {
  readonly protocol: RequestProtocol
  readonly role?: 'payload' | 'text'
  readonly schema?: JSONSchema
  readonly returns?: PredictSignature['returns']
  predict(payload: never, signal: AbortSignal): unknown
}

/** A model without a server around it. */
export function makeModel(name: string, parts: ModelParts): FaceModel {
  const { protocol, role = 'payload', schema = {}, returns = [] } = parts
  const validator = compileValidator(schema, {})
  return {
    name,
    version: undefined,
    aliases: [],
    created: 1_700_000_000,
    isReady: true,
    signature: {
      version: 1,
      className: 'Model',
      parameters: [{ name: 'request', role, schema, ...(role === 'text' ? {} : { protocol }) }],
      returns: role === 'text' ? [{ kind: 'json', protocol: 'openai.embedding' }] : returns,
      definitions: {},
    },
    async call(exchange, payload, { answer, cancellation = exchange.cancellation }) {
      const validation = validator.validate(payload)
      if (!validation.ok) throw new RequestError('invalid_payload', { issues: validation.issues })
      // A test gives a predict that takes what its schema says.
      const result = await parts.predict(validation.value as never, cancellation.signal)
      return toAnswer(result, answer)
    },
  }
}

async function toAnswer(result: unknown, answer: 'items' | 'value'): Promise<FaceAnswer> {
  if (typeof result !== 'object' || result === null || !(Symbol.asyncIterator in result)) {
    return { kind: 'value', value: result }
  }
  // An async generator of a test's.
  const items = result as AsyncGenerator<unknown, unknown, undefined>
  if (answer === 'value') throw new Error('no test gathers')
  const first = await items.next()
  const end = makeDeferred()
  end.promise.catch(() => {})
  return { kind: 'items', items: toItems(items, first, end), returned: end.promise }
}

type Deferred = ReturnType<typeof makeDeferred>

function makeDeferred() {
  const parts: { resolve(value: unknown): void; reject(thrown: unknown): void } = { resolve() {}, reject() {} }
  const promise = new Promise<unknown>((resolve, reject) => Object.assign(parts, { resolve, reject }))
  return { ...parts, promise }
}

async function* toItems(
  items: AsyncGenerator<unknown, unknown, undefined>,
  first: IteratorResult<unknown, unknown>,
  end: Deferred,
): AsyncGenerator<string, void, undefined> {
  try {
    let result = first
    while (result.done !== true) {
      yield JSON.stringify(result.value)
      result = await items.next()
    }
    end.resolve(result.value)
  } catch (thrown) {
    end.reject(thrown)
    throw thrown
  } finally {
    end.reject(new Error('left'))
    await items.return(undefined)
  }
}

/** Sends a request to the face as a server would, and gives its response. */
export async function send(models: readonly FaceModel[], path: string, body?: unknown): Promise<Response> {
  const route = openAIFace.routes.find(candidate => matches(candidate.path, path))
  if (route === undefined) throw new Error(`no route ${path}`)
  const exchange = makeExchange(body, route.path.endsWith('*') ? { '*': path.slice(route.path.length - 1) } : {})
  try {
    return toResponse((await route.handle(exchange, toModels(models))) as Answer)
  } catch (thrown) {
    const problem = describeFailure(thrown, exchange.id, silentLogger)
    const {
      status = problem.status,
      headers,
      document,
    } = openAIFace.refuse({
      ...{ thrown, problem, body },
      issuers: [],
      url: path => path,
    })
    // The face has no header of several lines.
    return Response.json(document, { status, headers: (headers ?? {}) as Record<string, string> })
  }
}

function matches(pattern: string, path: string): boolean {
  return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : pattern === path
}

function makeExchange(body: unknown, params: Readonly<Record<string, string>>): FaceExchange {
  return {
    id: 'r1',
    headers: { get: () => null },
    params,
    query: new URLSearchParams(),
    body,
    principal: undefined,
    cancellation: new Cancellation(),
    describeBreak: (thrown: unknown) => describeFailure(thrown, 'r1', silentLogger),
    defer: () => {},
  } as unknown as FaceExchange
}

function toModels(models: readonly FaceModel[]): FaceModels {
  return {
    list: () => models,
    find: name => models.find(model => model.name === name),
    only: models.length === 1 ? models[0] : undefined,
    issuers: [],
    isReady: true,
  }
}

/** The document of an answer, of the type that the test expects. */
export async function readJSON<Document>(response: Response): Promise<Document> {
  return (await response.json()) as Document
}

/** The `error` of an answer. */
export async function readError(response: Response) {
  const { error } = await readJSON<{ error: { message: string; type: string; param: string; code: string } }>(response)
  return error
}

/** The documents of a stream's events; the last is `[DONE]` as it is. */
export async function readEvents(response: Response): Promise<readonly unknown[]> {
  const text = await response.text()
  return text
    .split('\n\n')
    .filter(event => event.startsWith('data: '))
    .map(event => event.slice('data: '.length))
    .map(data => (data === '[DONE]' ? data : JSON.parse(data)))
}
