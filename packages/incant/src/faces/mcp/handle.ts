import { Answer } from '../../http/answer.ts'
import { isResponse } from '../../http/platform-objects.ts'
import { NO_STORE, respond } from '../../http/respond.ts'
import type { StreamFraming } from '../../http/stream-framing.ts'
import { isObject } from '../../validation/json-types.ts'
import { answerEvents } from '../answer-events.ts'
import type { FaceExchange } from '../exchange.ts'
import type { FaceModels, ItemsAnswer } from '../model.ts'
import { callTool, findTool, listTools, ToolFailure, type ToolModel, toFailure } from './call-tool.ts'
import { invalidParams, MCPError } from './mcp-error.ts'
import {
  ERROR,
  isRequestId,
  LEGACY_VERSIONS,
  type MCPRequest,
  META,
  MODERN_VERSIONS,
  type RequestId,
} from './protocol.ts'
import { readRequest } from './read-request.ts'
import { itemsResult, type ToolResult, textOf, toResult } from './tool-result.ts'

/** Answers `POST /mcp`: one message of the Model Context Protocol. */
export async function handle(exchange: FaceExchange, models: FaceModels): Promise<Answer> {
  const request = readRequest(exchange.body, exchange.headers)
  if (request === undefined) return new Answer(202, { 'X-Request-Id': exchange.id }, null)
  switch (request.method) {
    case 'tools/call':
      return answerCall(request, exchange, models)
    case 'tools/list':
      return answerResult(request, exchange, await describeTools(request, models))
    case 'server/discover':
      if (request.isModern) return answerResult(request, exchange, discover(models))
      break
    case 'initialize':
      if (!request.isModern) return answerResult(request, exchange, initialize(request, models))
      break
    case 'ping':
      if (!request.isModern) return answerResult(request, exchange, '')
      break
  }
  throw new MCPError({
    code: ERROR.methodNotFound,
    message: 'Method not found: this server has tools.',
    status: request.isModern ? 404 : 200,
  })
}

/** How long a client may keep a list: a server that is replaced may have other models. */
const CACHE = '"ttlMs":60000,"cacheScope":"private"'

async function describeTools(request: MCPRequest, models: FaceModels): Promise<string> {
  if (request.params['cursor'] !== undefined) throw invalidParams('The list has one page, and no cursor.')
  const tools = (await listTools(models)).map(({ plan }) => plan.tool)
  const list = `"tools":${JSON.stringify(tools)}`
  return request.isModern ? `${list},${CACHE}` : list
}

function discover(models: FaceModels): string {
  const members = {
    supportedVersions: MODERN_VERSIONS,
    capabilities: { tools: {} },
    _meta: { [META.serverInfo]: serverInfo(models) },
  }
  return `${inside(members)},${CACHE}`
}

function initialize({ params }: MCPRequest, models: FaceModels): string {
  const wanted = LEGACY_VERSIONS.find(version => version === params['protocolVersion'])
  return inside({
    protocolVersion: wanted ?? LEGACY_VERSIONS[0],
    capabilities: { tools: {} },
    serverInfo: serverInfo(models),
  })
}

function serverInfo({ only }: FaceModels): object {
  return { name: only?.name ?? 'incant', version: only?.version ?? '0.0.0' }
}

async function answerCall(request: MCPRequest, exchange: FaceExchange, models: FaceModels): Promise<Answer> {
  const { name, arguments: args, _meta: meta } = request.params
  const tool = await findTool(name, models)
  const token = isObject(meta) && isRequestId(meta['progressToken']) ? meta['progressToken'] : undefined
  try {
    const answer = await callTool(tool, exchange, { args, answer: token === undefined ? 'value' : 'items' })
    if (isResponse(answer) || answer.kind !== 'items')
      return answerResult(request, exchange, await toResult(answer, { plan: tool.plan, id: exchange.id }))
    return answerEvents(exchange, writeProgress(answer, { request, exchange, tool, token }), {
      framing: EVENTS,
      cacheControl: 'no-store',
    })
  } catch (thrown) {
    const failure = toFailure(thrown, exchange)
    if (failure instanceof ToolFailure) return answerResult(request, exchange, failure.result)
    throw failure
  }
}

interface Progress {
  readonly request: MCPRequest
  readonly exchange: FaceExchange
  readonly tool: ToolModel
  readonly token: RequestId | undefined
}

/** A notification for each item of a stream, and the result at its end. */
async function* writeProgress(
  { items }: ItemsAnswer,
  { request, exchange, tool, token }: Progress,
): AsyncGenerator<string, void, undefined> {
  const seen: string[] = []
  try {
    for await (const item of items) {
      seen.push(item)
      const params = { progressToken: token, progress: seen.length, message: textOf(item) ?? item }
      yield JSON.stringify({ jsonrpc: '2.0', method: 'notifications/progress', params })
    }
    yield writeResult(request, itemsResult(seen, tool.plan))
  } catch (thrown) {
    const failure = toFailure(thrown, exchange)
    yield failure instanceof ToolFailure ? writeResult(request, failure.result) : writeBreak(request, thrown, exchange)
  }
}

function writeBreak({ id }: MCPRequest, thrown: unknown, exchange: FaceExchange): string {
  const { detail, title } = exchange.describeBreak(thrown)
  return JSON.stringify({ jsonrpc: '2.0', id, error: { code: ERROR.unavailable, message: detail ?? title } })
}

const encoder = new TextEncoder()

const EVENTS: StreamFraming = {
  contentType: 'text/event-stream',
  item: message => encoder.encode(`event: message\ndata: ${String(message)}\n\n`),
  keepAlive: encoder.encode(':\n\n'),
}

function answerResult(request: MCPRequest, exchange: FaceExchange, members: string): Answer {
  return respond(exchange.id, { contentType: 'application/json', body: writeResult(request, members) }, NO_STORE)
}

/** The members are JSON already, so that a result is not parsed and written again. */
function writeResult({ id, isModern }: MCPRequest, members: ToolResult): string {
  const type = isModern ? '"resultType":"complete"' : ''
  const result = [type, members].filter(part => part !== '').join(',')
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{${result}}}`
}

/** The members of an object as JSON. */
function inside(members: object): string {
  return JSON.stringify(members).slice(1, -1)
}
