import { isBodyRole, type ParameterSignature, type PredictSignature } from '../../signature/signature.ts'
import type { FaceMisfit, FaceSubject } from '../fit.ts'
import { asObjectSchema, completeSchema, NO_ARGUMENTS, type ObjectSchema, wrapSchema } from './tool-schema.ts'

/** A tool, as `tools/list` gives it. */
export interface Tool {
  readonly name: string
  /** The title that people read in place of the name. */
  readonly title?: string
  readonly description?: string
  readonly inputSchema: ObjectSchema
  readonly outputSchema?: ObjectSchema
  /** The hints that the predictor declares; none is guessed. */
  readonly annotations?: Readonly<Record<string, boolean>>
}

/**
 * How the arguments of a call become the payload: they are it (`object`), one of them is (`member`), bytes as base64 with
 * their type (`bytes`), or predict takes none.
 */
export type ToolInput =
  | { readonly kind: 'object' | 'none' }
  | { readonly kind: 'member'; readonly name: string }
  | { readonly kind: 'bytes'; readonly parameter: ParameterSignature }

/** A model as a tool. */
export interface ToolPlan {
  readonly fits: true
  readonly tool: Tool
  readonly input: ToolInput
  /** Whether a result stands in a member `result`, since it is no object. Undefined: its schema is not known. */
  readonly isWrapped: boolean | undefined
  /** The schema of the arguments as the signature has it, its references among the definitions of the signature. */
  readonly argumentsSchema: ObjectSchema
}

/** The name of the member that holds a result which is no object. */
export const RESULT = 'result'

/** A plan without the name, which belongs to the model and not to its signature. */
interface SignaturePlan extends Omit<ToolPlan, 'tool'> {
  readonly described: Omit<Tool, 'name'>
}

/** Every call needs the plan, and a large signature takes long to plan. */
const PLANS = new WeakMap<PredictSignature, SignaturePlan | FaceMisfit>()

/** A model as a tool, or why it cannot be one. */
export function planTool({ name, signature }: FaceSubject): ToolPlan | FaceMisfit {
  const known = PLANS.get(signature) ?? planSignature(signature)
  PLANS.set(signature, known)
  if (!known.fits) return known
  const { described, ...plan } = known
  return { ...plan, tool: { name: toToolName(name), ...described } }
}

function planSignature(signature: PredictSignature): SignaturePlan | FaceMisfit {
  const request = signature.parameters.find(({ role }) => role === 'request')
  if (request !== undefined) return misfit('predict takes the Request of an HTTP call, which a tool call has none of')
  const body = signature.parameters.find(({ role }) => isBodyRole(role))
  const planned = planInput(body, signature)
  if ('fits' in planned) return planned
  const output = planOutput(signature)
  const { title, description, hints = [], definitions } = signature
  const described: SignaturePlan['described'] = {
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    inputSchema: completeSchema(planned.schema, definitions),
    ...(output === undefined ? {} : { outputSchema: completeSchema(output.schema, definitions) }),
    ...(hints.length === 0 ? {} : { annotations: Object.fromEntries(hints.map(hint => [`${hint}Hint`, true])) }),
  }
  return { fits: true, described, input: planned.input, isWrapped: output?.isWrapped, argumentsSchema: planned.schema }
}

/** The narrowest form of a name that clients take. */
function toToolName(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]+/g, '_').slice(0, 64) || 'predict'
}

interface PlannedInput {
  readonly input: ToolInput
  readonly schema: ObjectSchema
}

function planInput(body: ParameterSignature | undefined, { definitions }: PredictSignature): PlannedInput | FaceMisfit {
  if (body === undefined) return { input: { kind: 'none' }, schema: NO_ARGUMENTS }
  const { name, role, schema = {}, optional } = body
  switch (role) {
    case 'payload':
    case 'text': {
      const object = role === 'payload' ? asObjectSchema(schema, definitions) : undefined
      if (object !== undefined) return { input: { kind: 'object' }, schema: object }
      const text = role === 'text' ? { type: 'string' as const, ...schema } : schema
      return { input: { kind: 'member', name }, schema: wrapSchema(name, text, optional) }
    }
    case 'bytes':
    case 'blob':
      return { input: { kind: 'bytes', parameter: body }, schema: bytesSchema(body) }
    case 'form':
      return misfit('predict takes a form, which a tool call has none of')
    default:
      return misfit('predict takes the body as a stream, which a tool call has none of')
  }
}

function bytesSchema({ schema, optional }: ParameterSignature): ObjectSchema {
  const media = schema?.contentMediaType
  return {
    type: 'object',
    properties: {
      data: { type: 'string', contentEncoding: 'base64', description: 'The bytes, as base64.' },
      mimeType: {
        type: 'string',
        description: media === undefined ? 'The media type of the bytes.' : `The media type of the bytes: ${media}.`,
      },
    },
    ...(optional === true ? {} : { required: ['data'] }),
  }
}

interface PlannedOutput {
  readonly schema: ObjectSchema
  readonly isWrapped: boolean
}

/** The schema of a result, if predict returns JSON only. Texts and bytes have no schema. */
function planOutput({ returns, definitions }: PredictSignature): PlannedOutput | undefined {
  const [only, ...more] = returns
  if (only?.schema === undefined || more.length > 0) return undefined
  if (only.kind === 'stream') {
    if (isText(only.schema)) return undefined
    return { schema: wrapSchema(RESULT, { type: 'array', items: only.schema }), isWrapped: true }
  }
  if (only.kind !== 'json') return undefined
  const object = asObjectSchema(only.schema, definitions)
  if (object !== undefined) return { schema: object, isWrapped: false }
  return { schema: wrapSchema(RESULT, only.schema), isWrapped: true }
}

/** Whether the items of a stream are pieces of a text. */
function isText({ type }: { readonly type?: unknown }): boolean {
  return type === 'string'
}

function misfit(reason: string): FaceMisfit {
  return {
    fits: false,
    reason,
    instead: 'Have predict take a payload of JSON, a string, or bytes: Uint8Array or Blob.',
  }
}
