import type { HeaderLines } from '../errors/request-error.ts'

/** What an answer of ours may have for a body. */
export type AnswerBody = string | Uint8Array | ReadableStream<Uint8Array> | null

/**
 * An answer of ours as plain data: a runtime can write it in one piece, without a `Response` in between. Nothing a
 * caller or predictor chose may stand in its headers unchecked.
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

/** Whether an answer goes on after its headers. */
export function isStreaming(answer: Answer | Response): boolean {
  return answer instanceof Answer ? answer.body instanceof ReadableStream : answer.body !== null
}

/** An answer as the platform has it. */
export function toResponse(answer: Answer | Response): Response {
  if (!(answer instanceof Answer)) return answer
  // Response takes any Uint8Array; the types of some runtimes want to know that its buffer is not shared.
  const body = answer.body as string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null
  // Node writes a list as several lines; where a Response makes Headers of it, it becomes one line with commas.
  return new Response(body, { status: answer.status, headers: answer.headers as Record<string, string> })
}
