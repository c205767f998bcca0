import type { ParameterSignature, PredictSignature, RequestProtocol } from '../../../signature/signature.ts'
import { type NamedMembers, namedMembers } from './named-members.ts'

/** The request of the API that a predictor takes. */
export interface ApiRequest {
  readonly protocol: RequestProtocol
  readonly parameter: ParameterSignature
  readonly named: NamedMembers
  /** Whether predict returns the answer of the API as it is. */
  readonly givesAnswer: boolean
}

/** What the types of a predictor say that it takes: by its parameter, or, of a text, by its result. */
export function requestOf(signature: PredictSignature): ApiRequest | undefined {
  const { parameters, returns } = signature
  const givesAnswer = returns.some(({ protocol }) => protocol === 'openai')
  const declared = parameters.find(({ protocol }) => protocol !== undefined)
  if (declared?.protocol !== undefined) {
    return { protocol: declared.protocol, parameter: declared, named: namedMembers(declared, signature), givesAnswer }
  }
  const text = parameters.find(({ role }) => role === 'text')
  if (text === undefined || !returns.some(({ protocol }) => protocol === 'openai.embedding')) return undefined
  return { protocol: 'openai.embedding', parameter: text, named: new Set(), givesAnswer: false }
}
