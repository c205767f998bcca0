import type { JSONValue, ParameterSignature, PredictSignature } from 'incant'
import { compileValidator } from 'incant/internal'
import { isBodyRole } from 'incant/internal/signature'
import { sendForm } from './curl-form.ts'
import { proposeExample } from './example.ts'
import { quote } from './quote.ts'

/** The parts of the line. */
export interface CurlTarget {
  /** Where the server listens, with no slash at the end. */
  readonly url: string
  /** A file that exists, to be sent where predict takes any bytes: the predictor's own. */
  readonly file: string
  /** More words of the command: the trusted authority, for example. */
  readonly words?: readonly string[]
  /** @defaultValue `/predict` */
  readonly path?: string
}

/** A command that calls predict and works when it is pasted into a shell, as far as the types allow. */
export function describeCurl(signature: PredictSignature, target: CurlTarget): string {
  const isStream = signature.returns.some(({ kind }) => kind === 'stream')
  const { path = '/predict' } = target
  const socketFile = /^unix:(.+)$/.exec(target.url)?.[1]
  const socket = socketFile === undefined ? [] : ['--unix-socket', quote(socketFile)]
  const url = socketFile === undefined ? target.url : 'http://localhost'
  const words = [...(isStream ? ['-N'] : []), ...(target.words ?? []).map(quote), ...socket, `${url}${path}`]
  return `curl ${words.join(' ')} ${describeBody(signature, target.file)}`
}

function describeBody(signature: PredictSignature, file: string): string {
  const body = signature.parameters.find(({ role }) => isBodyRole(role))
  if (body?.role === 'payload') return sendJSON(body, signature)
  if (body?.role === 'text') return `${sendType(body, 'text/plain')} --data-raw ${quote(proposeText(body, signature))}`
  if (body?.role === 'form') return sendForm(body.schema, signature.definitions, file)
  const takesBytes = body !== undefined || signature.parameters.some(({ role }) => role === 'request')
  return takesBytes ? `${sendType(body, 'application/octet-stream')} --data-binary ${quote(`@${file}`)}` : '-X POST'
}

/** A type of every group that has a usual one. */
const USUAL_TYPES: Readonly<Record<string, string>> = {
  'image/*': 'image/png',
  'audio/*': 'audio/wav',
  'video/*': 'video/mp4',
  'text/*': 'text/plain',
}

/** The first of the media types that the body may be of. */
function sendType(body: ParameterSignature | undefined, fallback: string): string {
  const [first = fallback] = body?.schema?.contentMediaType?.split(',') ?? []
  return `-H 'Content-Type: ${USUAL_TYPES[first.trim()] ?? (first.includes('*') ? fallback : first.trim())}'`
}

function sendJSON(parameter: ParameterSignature, signature: PredictSignature): string {
  const json = proposeJSON(parameter, signature)
  // Nothing that would be refused is shown as if it worked: the user fills it in.
  return `-H 'Content-Type: application/json' -d ${json === undefined ? '@payload.json' : quote(json)}`
}

/** The first example of the whole payload that its type accepts, else one composed from its members. */
function proposeJSON(parameter: ParameterSignature, signature: PredictSignature): string | undefined {
  const proposals = proposeBodies(parameter, signature)
  return proposals.length === 0 ? undefined : JSON.stringify(proposals[0])
}

function proposeText(parameter: ParameterSignature, signature: PredictSignature): string {
  const [text = 'text'] = proposeBodies(parameter, signature).filter(proposal => typeof proposal === 'string')
  return text
}

function proposeBodies({ schema }: ParameterSignature, signature: PredictSignature): readonly JSONValue[] {
  const { examples = [], definitions } = signature
  const { validate } = compileValidator(schema ?? {}, definitions)
  const made = schema === undefined ? {} : proposeExample(schema, definitions)
  return [...examples.map(({ value }) => value), made].filter(value => validate(value).ok)
}
