import { isResponse } from '../../http/platform-objects.ts'
import { toJSON } from '../../http/to-json.ts'
import { isObject } from '../../validation/json-types.ts'
import type { FaceAnswer } from '../model.ts'
import { bytesBlock, type ContentBlock, collectBytes, textBlock } from './content.ts'
import { RESULT, type ToolPlan } from './tool.ts'

/** The result of a tool, as JSON without its braces: members that others can be added to. */
export type ToolResult = string

/** The result of predict as the result of a tool. Items of a stream have been read. */
export async function toResult(
  answer: Exclude<FaceAnswer, { kind: 'items' }>,
  options: ResultOptions,
): Promise<ToolResult> {
  if (isResponse(answer)) return resultOfResponse(answer, options.id)
  if (answer.kind === 'bytes') return resultOfBytes(answer, options.id)
  return valueResult(answer.value, options.plan)
}

/** Options of {@link toResult}. */
export interface ResultOptions {
  readonly plan: ToolPlan
  /** The request id. */
  readonly id: string
}

/** A value as a result. */
export function valueResult(value: unknown, plan: ToolPlan): ToolResult {
  if (plan.isWrapped === undefined && typeof value === 'string') return textResult(value)
  if (plan.isWrapped === undefined && isTextList(value)) return textResult(value.join(''))
  return jsonResult(toJSON(value), plan.isWrapped ?? !isObject(value))
}

/** The items of a stream, each as JSON, as a result. */
export function itemsResult(items: readonly string[], plan: ToolPlan): ToolResult {
  const texts = plan.isWrapped === undefined ? items.map(textOf) : []
  if (texts.length > 0 && texts.every(text => text !== undefined)) return textResult(texts.join(''))
  return jsonResult(`[${items.join(',')}]`, true)
}

/** The text that an item is; undefined where it is none. */
export function textOf(json: string): string | undefined {
  return json.startsWith('"') ? (JSON.parse(json) as string) : undefined
}

/** An error that a model can learn from and call again. It has no structured content, which would not match the schema. */
export function errorResult(text: string): ToolResult {
  return `"content":[${textBlock(text)}],"isError":true`
}

function textResult(text: string): ToolResult {
  return withContent(textBlock(text))
}

/** Structured content, and the same as a text for clients that do not know it. */
function jsonResult(json: string, isWrapped: boolean): ToolResult {
  const structured = isWrapped ? `{"${RESULT}":${json}}` : json
  return `${withContent(textBlock(structured))},"structuredContent":${structured}`
}

function withContent(block: ContentBlock): ToolResult {
  return `"content":[${block}]`
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every(item => typeof item === 'string')
}

interface Bytes {
  readonly contentType: string
  readonly body: Uint8Array | ReadableStream<Uint8Array> | null
}

async function resultOfBytes({ contentType, body }: Bytes, id: string): Promise<ToolResult> {
  const bytes = await collectBytes(body)
  return bytes === undefined
    ? errorResult('The result is larger than 32 MiB.')
    : withContent(bytesBlock(bytes, contentType, id))
}

async function resultOfResponse(response: Response, id: string): Promise<ToolResult> {
  const contentType = response.headers.get('content-type') ?? ''
  const bytes = await collectBytes(response.body)
  if (bytes === undefined) return errorResult('The result is larger than 32 MiB.')
  const isText = /^(?:text\/|application\/(?:[\w.-]+\+)?(?:json|xml))/i.test(contentType) || bytes.byteLength === 0
  const block = isText ? textBlock(new TextDecoder().decode(bytes)) : bytesBlock(bytes, contentType, id)
  return response.status < 400 ? withContent(block) : `${withContent(block)},"isError":true`
}
