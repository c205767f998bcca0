import type { HeaderLines } from '../errors/request-error.ts'
import { isReadableStream } from './platform-objects.ts'

/** The body of one of Incant's answers. */
export type AnswerBody = string | Uint8Array | ReadableStream<Uint8Array> | null

/**
 * One of Incant's answers as plain data: a runtime can write it in one piece, without a `Response` in between. No value
 * chosen by a caller or predictor may enter its headers unchecked.
 */
export class Answer {
  readonly status: number
  readonly headers: HeaderLines
  readonly body: AnswerBody

  constructor(status: number, headers: HeaderLines, body: AnswerBody) {
    this.status = status
    this.headers = headers
    this.body = body
  }
}

/** An answer with further headers. */
export function withHeaders(answer: Answer | Response, lines: Readonly<Record<string, string>>): Answer | Response {
  if (answer instanceof Answer) return new Answer(answer.status, { ...answer.headers, ...lines }, answer.body)
  for (const [name, value] of Object.entries(lines)) answer.headers.set(name, value)
  return answer
}

/** Whether an answer goes on after its headers. */
export function isStreaming(answer: Answer | Response): boolean {
  return answer instanceof Answer ? isReadableStream(answer.body) : answer.body !== null
}

/** An answer as the platform has it. */
export function toResponse(answer: Answer | Response): Response {
  if (!(answer instanceof Answer)) return answer
  // Response takes any Uint8Array; the types of some runtimes want to know that its buffer is not shared.
  const body = answer.body as string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null
  // Headers join a list to one line with commas, which means the same; a runtime that can write several lines uses
  // answerOf.
  const response = new Response(body, { status: answer.status, headers: answer.headers as Record<string, string> })
  if (Object.values(answer.headers).some(Array.isArray)) SEVERAL_LINES.set(response, answer)
  return response
}

const SEVERAL_LINES = new WeakMap<Response, Answer>()

/** The answer from which a response was made, if it has header lines that the response had to join. */
export function answerOf(response: Response): Answer | undefined {
  return SEVERAL_LINES.get(response)
}
