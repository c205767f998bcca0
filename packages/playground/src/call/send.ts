import type { Mode } from './connect.ts'
import type { Content, Outcome, Problem } from './outcome.ts'
import { type StreamParser, streamParserOf } from './read-stream.ts'
import type { Call } from './request.ts'

interface Sending {
  readonly mode: Mode
  readonly signal: AbortSignal
  /** Called for each change, at most once per animation frame while items arrive. */
  readonly onChange: (outcome: Outcome) => void
}

/** Makes a call and reports its progress. Never throws. */
export async function send(call: Call, { mode, signal, onChange }: Sending): Promise<Outcome> {
  const startedAt = performance.now()
  const start: Outcome = { state: 'running', startedAt, headers: [], type: '', bytes: 0, content: { kind: 'none' } }
  onChange(start)
  try {
    const response = await fetch(call.url, {
      method: 'POST',
      headers: call.headers,
      ...(call.body === undefined ? {} : { body: call.body }),
      ...{ credentials: mode, redirect: 'error', cache: 'no-store', signal },
    })
    const head: Outcome = { ...start, ...describeHead(response), headAfter: performance.now() - startedAt }
    return await readAnswer(response, head, { signal, onChange })
  } catch {
    const failure = 'The server cannot be reached.'
    return end(start, signal.aborted ? { state: 'stopped' } : { state: 'unreachable', failure })
  }
}

function describeHead(response: Response): Pick<Outcome, 'status' | 'statusText' | 'headers' | 'type'> {
  const { status, statusText, headers } = response
  return { status, statusText, headers: [...headers], type: headers.get('content-type') ?? '' }
}

function end(outcome: Outcome, changes: Partial<Outcome>): Outcome {
  return { ...outcome, endAfter: performance.now() - outcome.startedAt, ...changes }
}

type Reading = Pick<Sending, 'signal' | 'onChange'>

async function readAnswer(response: Response, head: Outcome, reading: Reading): Promise<Outcome> {
  const parse = response.ok ? streamParserOf(head.type) : undefined
  if (parse !== undefined && response.body !== null) return readItems({ body: response.body, head, parse }, reading)
  const parts: BlobPart[] = []
  let bytes = 0
  try {
    for await (const chunk of chunksOf(response.body)) {
      parts.push(chunk)
      bytes += chunk.length
    }
  } catch {
    return end({ ...head, bytes, content: await readContent(new Blob(parts), head.type) }, describeCut(reading.signal))
  }
  const content = await readContent(new Blob(parts, { type: head.type }), head.type)
  const problem = response.ok ? undefined : asProblem(content, head)
  return end({ ...head, bytes, content }, { state: 'done', ...(problem === undefined ? {} : { problem }) })
}

function describeCut({ aborted }: AbortSignal): Partial<Outcome> {
  return aborted ? { state: 'stopped' } : { state: 'cut', failure: 'The connection ended before the answer did.' }
}

async function* chunksOf(
  body: ReadableStream<Uint8Array<ArrayBuffer>> | null,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = body?.getReader()
  for (;;) {
    const { done = true, value } = (await reader?.read()) ?? {}
    if (done || value === undefined) return
    yield value
  }
}

async function readContent(blob: Blob, type: string): Promise<Content> {
  if (blob.size === 0) return { kind: 'none' }
  const [name = ''] = type.toLowerCase().split(';')
  if (/^application\/(?:.+\+)?json$/.test(name)) return parseContent(await blob.text())
  return name.startsWith('text/') ? { kind: 'text', text: await blob.text() } : { kind: 'bytes', blob }
}

function parseContent(text: string): Content {
  try {
    return { kind: 'json', value: JSON.parse(text), text }
  } catch {
    return { kind: 'text', text }
  }
}

function asProblem(content: Content, { status = 0, statusText = '' }: Outcome): Problem {
  const members = content.kind === 'json' ? (Object(content.value) as Partial<Problem>) : {} // checked below, member by member
  const { title, code, detail, requestId, errors } = members
  return {
    // The status of an error that ends a stream is not the status of the answer.
    status: typeof members.status === 'number' ? members.status : status,
    title: typeof title === 'string' ? title : statusText || `Status ${status}`,
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof detail === 'string' ? { detail } : {}),
    ...(typeof requestId === 'string' ? { requestId } : {}),
    ...(Array.isArray(errors) ? { errors: errors.filter(isIssue) } : {}),
  }
}

function isIssue(value: unknown): value is { readonly pointer: string; readonly detail: string } {
  const { pointer, detail } = Object(value) as { readonly pointer?: unknown; readonly detail?: unknown }
  return typeof pointer === 'string' && typeof detail === 'string'
}

interface Items {
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>
  readonly head: Outcome
  readonly parse: StreamParser
}

async function readItems({ body, head, parse }: Items, { signal, onChange }: Reading): Promise<Outcome> {
  const items: unknown[] = []
  const decoder = new TextDecoder()
  let outcome: Outcome = { ...head, state: 'streaming', content: { kind: 'items', items, count: 0 } }
  let frame = 0
  const report = () => {
    frame ||= requestAnimationFrame(() => {
      frame = 0
      onChange(outcome)
    })
  }
  report()
  try {
    for await (const chunk of chunksOf(body)) {
      for (const event of parse(decoder.decode(chunk, { stream: true }))) {
        if (event.kind === 'error') outcome = { ...outcome, problem: asProblem(parseContent(event.text), outcome) }
        else items.push(parseItem(event.text))
      }
      const first = outcome.firstAfter ?? (items.length > 0 ? performance.now() - head.startedAt : undefined)
      const content = { kind: 'items', items, count: items.length } as const
      outcome = {
        ...outcome,
        bytes: outcome.bytes + chunk.length,
        content,
        ...(first === undefined ? {} : { firstAfter: first }),
      }
      report()
    }
    return end(outcome, { state: outcome.problem === undefined ? 'done' : 'cut' })
  } catch {
    return end(outcome, outcome.problem === undefined ? describeCut(signal) : { state: 'cut' })
  } finally {
    cancelAnimationFrame(frame)
  }
}

function parseItem(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
