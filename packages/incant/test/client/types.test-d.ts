import {
  type BackgroundTasks,
  BasePredictor,
  BatchPredictor,
  type Form,
  type HTTPException,
  type PredictContext,
  SequencePredictor,
  type Step,
} from 'incant'
import {
  type BinaryBody,
  type EndedJob,
  form,
  type Health,
  type Job,
  type JobEvent,
  type JobOutput,
  json,
  ModelClient,
  type Prediction,
  type PredictionStream,
  type PredictParameters,
  verifyWebhook,
} from 'incant/client'

/** Whether two types are the same, `any` and optional members included. */
type Same<Left, Right> = (<T>() => T extends Left ? 1 : 2) extends <T>() => T extends Right ? 1 : 2 ? true : false
/** Says which of the two is not what it should be. */
type Is<Left, Right> = Same<Left, Right> extends true ? true : { readonly is: Left; readonly shouldBe: Right }
/** The first parameter. */
type Payload<Predictor> = PredictParameters<Predictor>[0]

function hold<_Claim extends true>(): void {}

interface Passage {
  text: string
  top?: number
}

class Plain extends BasePredictor {
  predict(passage: Passage): { label: string; score?: number } {
    return { label: passage.text }
  }
}

const plain = new ModelClient<typeof Plain>('http://127.0.0.1:8000', { auth: { bearer: () => 'token' } })
void plain.predict({ text: 'a' })
void plain.predict({ text: 'a', top: 1 }, { timeout: 5, headers: { a: 'b' }, signal: AbortSignal.timeout(5) })
void plain.predict(json({ text: 'a' }))
// @ts-expect-error: a member is missing
void plain.predict({})
// @ts-expect-error: text is a string
void plain.predict({ text: 5 })
// @ts-expect-error: there is a payload
void plain.predict()
// @ts-expect-error: a string would be sent as text
void plain.predict('{"text":"a"}')
// @ts-expect-error: no such option
void plain.predict({ text: 'a' }, { retries: 5 })
hold<Is<Prediction<typeof Plain>, { label: string; score?: number }>>()
hold<Is<Prediction<Plain>, { label: string; score?: number }>>()
hold<Is<Health<typeof Plain>, unknown>>()

// Any order, and whatever stands beside the payload.
class Crowded extends BasePredictor {
  override health() {
    return { status: 'ok' as const, since: new Date() }
  }
  async predict(_context: PredictContext, _request: Request, ids: number[], _tasks?: BackgroundTasks): Promise<number> {
    return ids.length
  }
}
void new ModelClient<typeof Crowded>('http://a').predict([1, 2] as const)
hold<Is<Prediction<typeof Crowded>, number>>()
hold<Is<Health<typeof Crowded>, { status: 'ok'; since: string }>>()

class Static extends BasePredictor {
  static predict(count: number): string {
    return String(count)
  }
}
void new ModelClient<typeof Static>('http://a').predict(1)
// @ts-expect-error: a number
void new ModelClient<typeof Static>('http://a').predict(true)
hold<Is<Prediction<typeof Static>, string>>()

class Configured extends BasePredictor<{ folder: string }> {
  constructor(config: { folder: string }) {
    super(config)
  }
  predict(payload?: { a: string }): void {
    void payload
  }
}
void new ModelClient<typeof Configured>('http://a').predict()
void new ModelClient<typeof Configured>('http://a').predict(undefined, { timeout: 1 })
void new ModelClient<typeof Configured>('http://a').predict({ a: 'b' })
hold<Is<Prediction<typeof Configured>, null>>()

// A default makes a parameter one that may be left out.
class Defaulted extends BasePredictor {
  predict(context: PredictContext, payload: number | undefined, other = 5): number {
    return (payload ?? other) + (context.requestId === '' ? 1 : 0)
  }
}
void new ModelClient<typeof Defaulted>('http://a').predict()

// The raw request takes anything.
class Raw extends BasePredictor {
  async predict(request: Request): Promise<Response> {
    return new Response(request.body)
  }
}
hold<Is<Payload<typeof Raw>, unknown>>()
hold<Is<Prediction<typeof Raw>, unknown>>()
void new ModelClient<typeof Raw>('http://a').predict()
void new ModelClient<typeof Raw>('http://a').predict('text')
const response: Promise<Response> = new ModelClient<typeof Raw>('http://a').request(new Uint8Array(1))
void response

class Bodyless extends BasePredictor {
  predict(context: PredictContext): string {
    return context.requestId
  }
}
void new ModelClient<typeof Bodyless>('http://a').predict()
// @ts-expect-error: it looks at no body
void new ModelClient<typeof Bodyless>('http://a').predict({})

// What takes the body in a form of its own.
class Picture extends BasePredictor {
  predict(bytes: Uint8Array): Uint8Array {
    return bytes
  }
}
hold<Is<Payload<typeof Picture>, BinaryBody>>()
hold<Is<Prediction<typeof Picture>, Uint8Array>>()
hold<Is<Payload<{ predict(body: ReadableStream): void }>, BinaryBody>>()
hold<Is<Payload<{ predict(body: Blob): void }>, BinaryBody>>()
hold<Is<Payload<{ predict(body: FormData): void }>, FormData | URLSearchParams>>()
// @ts-expect-error: bytes are bytes
void new ModelClient<typeof Picture>('http://a').predict({ image: 1 })

// Text goes as text; where it is one of several, it must be said that it is JSON.
class Language extends BasePredictor {
  predict(text: 'en' | 'de'): string {
    return text
  }
}
void new ModelClient<typeof Language>('http://a').predict('en')
void new ModelClient<typeof Language>('http://a').predict(json('en'))
// @ts-expect-error: not one of them
void new ModelClient<typeof Language>('http://a').predict('fr')
interface Texts {
  predict(text: string | string[]): number
}
void new ModelClient<Texts>('http://a').predict(['a', 'b'])
void new ModelClient<Texts>('http://a').predict(json('a'))
void new ModelClient<Texts>('http://a').predict(json(['a']))
// @ts-expect-error: it would arrive as text, where JSON is read
void new ModelClient<Texts>('http://a').predict('a')
// @ts-expect-error: what only looks like it
void new ModelClient<Texts>('http://a').predict({ value: 'a' })

// Streams.
class Words extends BasePredictor {
  async *predict({ text }: Passage): AsyncGenerator<{ word: string; at: Date }> {
    yield { word: text, at: new Date() }
  }
}
hold<Is<Prediction<typeof Words>, PredictionStream<{ word: string; at: string }>>>()
hold<Is<Prediction<{ predict(): Promise<AsyncIterable<string>> }>, PredictionStream<string>>>()
hold<Is<Prediction<{ predict(): AsyncIterable<Uint8Array> }>, Uint8Array>>()
hold<Is<Prediction<{ predict(): ReadableStream<Uint8Array> }>, Uint8Array>>()
async function readWords(): Promise<string[]> {
  const words: string[] = []
  for await (const { word } of await new ModelClient<typeof Words>('http://a').predict({ text: 'a' })) words.push(word)
  return words
}
void readWords

// Batches are single items to a caller.
class Embedder extends BatchPredictor {
  async predictBatch(texts: string[]): Promise<(number[] | HTTPException)[]> {
    return texts.map(() => [1])
  }
}
void new ModelClient<typeof Embedder>('http://a').predict('a')
// @ts-expect-error: one at a time
void new ModelClient<typeof Embedder>('http://a').predict(['a'])
hold<Is<Prediction<typeof Embedder>, number[]>>()
class Prepared extends BatchPredictor {
  prepare(_context: PredictContext, image: Uint8Array): Float32Array {
    return new Float32Array(image)
  }
  predictBatch(images: Float32Array[]): { label: string }[] {
    return images.map(() => ({ label: 'a' }))
  }
}
hold<Is<Payload<typeof Prepared>, BinaryBody>>()
hold<Is<Prediction<typeof Prepared>, { label: string }>>()

// A sequence is a stream to its caller.
class Writer extends SequencePredictor {
  begin(_context: PredictContext, prompt: { text: string }): { rest: string } {
    return { rest: prompt.text }
  }
  async step(states: { rest: string }[]): Promise<(Step<{ word: string }, number> | HTTPException)[]> {
    return states.map(({ rest }) => ({ item: { word: rest }, done: true, result: 1 }))
  }
}
// @ts-expect-error: begin takes a text
void new ModelClient<typeof Writer>('http://a').predict({ prompt: 'a' })
async function readSequence(): Promise<string | undefined> {
  for await (const { word } of await new ModelClient<typeof Writer>('http://a').predict({ text: 'a' })) return word
  return undefined
}
void readSequence

// Over the wire a value is what JSON makes of it.
interface Rich {
  at: Date
  bytes: Uint8Array
  id: bigint
  values: Float32Array
  ids: BigInt64Array
  deep: { buffer: ArrayBuffer; pixels: Uint8ClampedArray | null }
  nested?: { when: Date | null; tuple: [Date, string?] }[]
  method(): void
  tag: 'a' | 'b'
  free: unknown
}
hold<
  Is<
    Prediction<{ predict(): Rich }>,
    {
      at: string
      bytes: string
      id: string
      values: number[]
      ids: string[]
      deep: { buffer: string; pixels: number[] | null }
      nested?: { when: string | null; tuple: [string, string?] }[]
      tag: 'a' | 'b'
      free: unknown
    }
  >
>()
hold<Is<Prediction<{ predict(): Promise<void> }>, null>>()
hold<Is<Prediction<{ predict(): string | null }>, string | null>>()
hold<Is<Prediction<{ predict(): unknown }>, unknown>>()

// What is sent may be a value or the form it travels in.
interface Sent {
  predict(payload: {
    at: Date
    id: bigint
    bytes: Uint8Array
    many: number[]
    floats?: Float32Array
    ids?: BigInt64Array
    more?: { deep: Date }
  }): void
}
const sent = new ModelClient<Sent>('http://a')
void sent.predict({ at: new Date(), id: 1n, bytes: new Uint8Array(1), many: [1] })
void sent.predict({ at: '2026-01-01T00:00:00Z', id: '1', bytes: 'aGk=', many: [1] as const, more: { deep: 'x' } })
void sent.predict({ at: 'x', id: 1n, bytes: 'aGk=', many: [], floats: [0.5], ids: ['1', 2n] })
void sent.predict({ at: 'x', id: 1n, bytes: 'aGk=', many: [], floats: new Float32Array(1), ids: new BigInt64Array(1) })
// @ts-expect-error: another typed array is another type
void sent.predict({ at: 'x', id: 1n, bytes: 'aGk=', many: [], ids: new Float32Array(1) })
// @ts-expect-error: a number is no date
void sent.predict({ at: 5, id: 1n, bytes: 'aGk=', many: [] })

// A form's fields are sent as a form.
interface Uploaded {
  predict(form: Form<{ image: File; kind: 'a' | 'b'; top?: number; at?: Date; more: Uint8Array[] }>): { count: bigint }
}
const uploaded = new ModelClient<Uploaded>('http://a')
const image = new File([], 'a')
void uploaded.predict(form({ image, kind: 'a', more: [new Uint8Array(1), image] })).then(({ count }) => count.trim())
void uploaded.predict(form({ image: new Blob([]), kind: 'b', top: 1, at: new Date(), more: [] }))
void uploaded.predict(new FormData())
// @ts-expect-error: a field is missing
void uploaded.predict(form({ image, more: [] }))
// @ts-expect-error: a field of another type
void uploaded.predict(form({ image: 'a.png', kind: 'a', more: [] }))
// @ts-expect-error: an object would be sent as JSON
void uploaded.predict({ image, kind: 'a', more: [] })

// A type that refers to itself.
interface Tree {
  leaf: string
  kids?: Tree[]
}
const tree = new ModelClient<{ predict(tree: Tree): Tree }>('http://a')
void tree.predict({ leaf: 'a', kids: [{ leaf: 'b' }] }).then(({ kids }) => kids?.[0]?.leaf)

// Nothing known, nothing promised.
const anything = new ModelClient('http://a')
void anything.predict('text')
void anything.predict({ a: 1 }, { timeout: 5 })
hold<Is<Awaited<ReturnType<typeof anything.predict>>, unknown>>()
hold<Is<Payload<{ predict(payload: unknown): void }>, unknown>>()
// @ts-expect-error: any would be what predict says, too
void (anything.predict(1) satisfies Promise<number>)

// @ts-expect-error: one of the forms
new ModelClient('http://a', { auth: { token: 'a' } })
// @ts-expect-error: a variable that may not be set
new ModelClient('http://a', { auth: { bearer: undefined } })
new ModelClient('http://a', {
  auth: [{ basic: { name: 'a', password: async () => 'b' } }, { apiKey: 'k', header: 'X' }],
})
new ModelClient('http://a', { auth: { bodyToken: 'a', member: 'token' }, retry: { unsafe: true } })
new ModelClient(new URL('http://a'), { retry: false, fetch: (url, init) => fetch(url, init) })

// What a job's output is depends on its status.
hold<Is<JobOutput<typeof Plain>, { label: string; score?: number }>>()
hold<Is<JobOutput<typeof Words>, readonly { word: string; at: string }[]>>()
hold<Is<JobOutput<typeof Picture>, string>>()
hold<Is<JobOutput<{ predict(): void }>, null>>()
hold<Is<JobOutput<unknown>, unknown>>()
function readJob(job: Job<typeof Plain>): string {
  if (job.status === 'succeeded') return job.output.label + job.completed_at
  if (job.status === 'failed' || job.status === 'canceled') return job.error ?? job.completed_at
  // @ts-expect-error: it is not over
  return job.completed_at.trim()
}
void readJob
async function receive(request: Request): Promise<string | undefined> {
  const { job } = await verifyWebhook<typeof Words>(request, { secret: ['whsec_a', 'whsec_b'], tolerance: '1m' })
  return job.output?.[0]?.word
}
void receive

async function runJobs(): Promise<void> {
  const job: Job<typeof Plain> = await plain.submit({ text: 'a' }, { webhook: 'https://a', webhookEvents: ['output'] })
  const ended: EndedJob<typeof Plain> = await plain.wait(job, { timeout: '1h' })
  hold<Is<typeof ended.status, 'succeeded' | 'failed' | 'canceled'>>()
  await plain.cancel('an id')
  // @ts-expect-error: text is a string
  await plain.submit({ text: 5 })
  // @ts-expect-error: no such event
  await plain.submit({ text: 'a' }, { webhookEvents: ['end'] })
  // @ts-expect-error: there is no id
  await plain.wait({ status: 'starting' })
  const words = new ModelClient<typeof Words>('http://a')
  for await (const one of words.events(await words.submit({ text: 'a' })))
    if (one.event === 'output') hold<Is<typeof one.data, { word: string; at: string }>>()
  // In JSON a text is a text.
  await new ModelClient<typeof Language>('http://a').submit('en')
  // @ts-expect-error: a form has no place in JSON
  await uploaded.submit(form({ image, kind: 'a', more: [] }))
  await new ModelClient<typeof Picture>('http://a').submit(new Uint8Array(1))
  await new ModelClient<typeof Bodyless>('http://a').submit()
  await anything.submit({ a: 1 }, { id: 'a', metadata: [1] })
}
void runJobs
hold<Is<Extract<JobEvent<typeof Plain>, { event: 'output' }>['data'], { label: string; score?: number }>>()
