import type { ParameterSignature, PredictSignature } from 'incant'
import { compileValidator } from 'incant/internal'
import { isBodyRole } from 'incant/internal/signature'
import { sendForm } from './curl-form.ts'
import { proposeExample } from './example.ts'
import { quote } from './quote.ts'

/** What the line is made of. */
export interface CurlTarget {
  /** Where the server listens, with no slash at the end. */
  readonly url: string
  /** A file that exists, to be sent where predict takes any bytes: the predictor's own. */
  readonly file: string
  /** More words of the command: whom it trusts, for one. */
  readonly words?: readonly string[]
}

/** A command that calls predict and works when it is pasted into a shell, as far as the types tell. */
export function describeCurl(signature: PredictSignature, target: CurlTarget): string {
  const isStream = signature.returns.some(({ kind }) => kind === 'stream')
  const words = [...(isStream ? ['-N'] : []), ...(target.words ?? []).map(quote), `${target.url}/predict`]
  return `curl ${words.join(' ')} ${describeBody(signature, target.file)}`
}

function describeBody(signature: PredictSignature, file: string): string {
  const body = signature.parameters.find(({ role }) => isBodyRole(role))
  if (body?.role === 'payload') return sendJSON(body, signature)
  if (body?.role === 'text') return `-H 'Content-Type: text/plain' --data-raw ${quote(proposeText(body, signature))}`
  if (body?.role === 'form') return sendForm(body.schema, signature.definitions, file)
  const takesBytes = body !== undefined || signature.parameters.some(({ role }) => role === 'request')
  return takesBytes ? `-H 'Content-Type: application/octet-stream' --data-binary ${quote(`@${file}`)}` : '-X POST'
}

function sendJSON(parameter: ParameterSignature, signature: PredictSignature): string {
  const json = proposeJSON(parameter, signature)
  // Nothing that would be refused is shown as if it worked: the user fills it in.
  return `-H 'Content-Type: application/json' -d ${json === undefined ? '@payload.json' : quote(json)}`
}

function proposeJSON({ schema }: ParameterSignature, { definitions }: PredictSignature): string | undefined {
  if (schema === undefined) return '{}'
  const example = proposeExample(schema, definitions)
  return compileValidator(schema, definitions).validate(example).ok ? JSON.stringify(example) : undefined
}

function proposeText({ schema }: ParameterSignature, { definitions }: PredictSignature): string {
  const example = schema === undefined ? 'text' : proposeExample(schema, definitions)
  return typeof example === 'string' ? example : 'text'
}
