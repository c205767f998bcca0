import { asHTTPException, asRequestError } from '../../http/failure.ts'
import type { Problem } from '../../http/problem.ts'
import { decodeBase64, isBase64 } from '../../json/base64.ts'
import { isObject } from '../../validation/json-types.ts'
import type { FaceExchange } from '../exchange.ts'
import type { FaceAnswer, FaceCallOptions, FaceModel, FaceModels } from '../model.ts'
import { invalidParams } from './mcp-error.ts'
import type { ToolInput, ToolPlan } from './tool.ts'
import { planTool } from './tool.ts'
import { errorResult, type ToolResult } from './tool-result.ts'

/** A tool and the model behind it. */
export interface ToolModel {
  readonly plan: ToolPlan
  readonly model: FaceModel
}

/**
 * The tools of the models that a caller may call, in the order of the server. Of models with the same name, as the versions
 * of one have, the first is the tool.
 */
export async function listTools(models: FaceModels): Promise<readonly ToolModel[]> {
  const tools = new Map<string, ToolModel>()
  for (const model of await models.list()) {
    const plan = planTool(model)
    if (plan.fits && !tools.has(plan.tool.name)) tools.set(plan.tool.name, { plan, model })
  }
  return [...tools.values()]
}

/** @throws {MCPError} For a tool that does not exist. */
export async function findTool(name: unknown, models: FaceModels): Promise<ToolModel> {
  const found = (await listTools(models)).find(({ plan }) => plan.tool.name === name)
  if (found === undefined) throw invalidParams('Unknown tool: tools/list names those that there are.')
  return found
}

/** A call whose tool failed in a way that a model can learn from: a result, and no error of the protocol. */
export class ToolFailure extends Error {
  readonly result: ToolResult

  constructor(result: ToolResult) {
    super('a tool failed')
    this.result = result
  }
}

/**
 * Calls the model of a tool.
 *
 * @throws What the model throws, and {@link ToolFailure} for bytes that are no base64: {@link toFailure} tells them apart.
 */
export async function callTool(
  { plan, model }: ToolModel,
  exchange: FaceExchange,
  { args, answer }: { readonly args: unknown; readonly answer: FaceCallOptions['answer'] },
): Promise<FaceAnswer> {
  return model.call(exchange, toPayload(args, plan), { answer })
}

/**
 * A {@link ToolFailure} for arguments that do not fit, and for what predict throws. All else, such as a full queue, is for
 * the client and not for the model: it is returned as it is.
 */
export function toFailure(thrown: unknown, exchange: FaceExchange): unknown {
  if (thrown instanceof ToolFailure) return thrown
  const code = asRequestError(thrown)?.code
  if (code !== undefined && code !== 'invalid_payload' && code !== 'deadline_exceeded') return thrown
  return new ToolFailure(errorResult(describe(exchange.describeBreak(thrown), asHTTPException(thrown)?.message)))
}

function describe({ errors = [], detail, title, code, requestId }: Problem, own: string | undefined): string {
  if (errors.length > 0) {
    const lines = errors.map(({ pointer, detail }) => `${pointer} ${detail}`)
    return ['The arguments do not fit:', ...lines].join('\n')
  }
  if (code === 'deadline_exceeded') return detail ?? title
  return own || `The tool failed. Its log has the reason under the request id ${requestId}.`
}

/** The arguments of a call as the payload of predict. */
function toPayload(args: unknown, { input, tool }: ToolPlan): unknown {
  if (args !== undefined && !isObject(args)) throw invalidParams('The arguments of a tool are an object.')
  switch (input.kind) {
    case 'none':
      return undefined
    case 'object':
      return args ?? (tool.inputSchema.required === undefined ? {} : undefined)
    case 'member':
      return args?.[input.name]
    case 'bytes':
      return toBytes(args ?? {}, input)
  }
}

function toBytes(
  { data, mimeType }: Readonly<Record<string, unknown>>,
  { parameter }: ToolInput & { kind: 'bytes' },
): Uint8Array | Blob | undefined {
  if (data === undefined && parameter.optional === true) return undefined
  if (typeof data !== 'string' || !isBase64(data))
    throw new ToolFailure(errorResult('The arguments do not fit:\n#/data must be bytes as base64, with padding'))
  const bytes = decodeBase64(data)
  if (parameter.role === 'bytes') return bytes
  return new Blob([bytes], typeof mimeType === 'string' ? { type: mimeType } : {})
}
