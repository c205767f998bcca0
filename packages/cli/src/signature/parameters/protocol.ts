import type { RequestProtocol, ReturnSignature } from 'incant/internal/signature'
import type { Checker, Node, Type, TypeSymbol } from '../compiler/compiler.ts'
import { constituentsOf } from '../compiler/constituents.ts'
import { originOf, packageNameOf } from '../compiler/origin.ts'
import { presentTypes } from '../types/union.ts'

/** A request of a protocol. */
interface RequestType {
  readonly protocol: RequestProtocol
  /** The member without which it is none. */
  readonly key: string
}

const chat: RequestType = { protocol: 'openai.chat', key: 'messages' }
const completion: RequestType = { protocol: 'openai.completion', key: 'prompt' }
const embedding: RequestType = { protocol: 'openai.embedding', key: 'input' }
const transcription: RequestType = { protocol: 'openai.transcription', key: 'file' }
const moderation: RequestType = { protocol: 'openai.moderation', key: 'input' }
const rerank: RequestType = { protocol: 'openai.rerank', key: 'documents' }
const image: RequestType = { protocol: 'openai.image', key: 'prompt' }

/** By the package and the interface that declare a member. */
const DECLARING: Readonly<Record<string, RequestType>> = {
  'incant ChatRequest': chat,
  'incant CompletionRequest': completion,
  'incant EmbeddingRequest': embedding,
  'incant AudioFields': transcription,
  'incant ModerationRequest': moderation,
  'incant RerankRequest': rerank,
  'incant ImageRequest': image,
  'openai ChatCompletionCreateParamsBase': chat,
  'openai CompletionCreateParamsBase': completion,
  'openai EmbeddingCreateParams': embedding,
  'openai TranscriptionCreateParamsBase': transcription,
  'openai ModerationCreateParams': moderation,
  'openai ImageGenerateParamsBase': image,
}

/**
 * The request that a parameter's type is: through aliases, `Pick`, `Omit`, intersections and interfaces that extend, since
 * each keeps the declarations of the members.
 */
export function requestProtocol(checker: Checker, type: Type): RequestProtocol | undefined {
  const [part] = presentTypes(type)
  const members = part === undefined ? [] : checker.getPropertiesOfType(part)
  const names = new Set(members.map(({ name }) => name))
  for (const member of members) {
    const request = declaringRequest(member)
    if (request !== undefined && names.has(request.key)) return request.protocol
  }
  return undefined
}

function declaringRequest({ declarations }: TypeSymbol): RequestType | undefined {
  for (const declaration of declarations) {
    const name = packageNameOf(declaration.path)
    if (name !== 'incant' && name !== 'openai') continue
    // A member of an interface has the interface as its parent.
    const { parent } = (declaration.resolve() ?? {}) as { readonly parent?: Node & { readonly name?: Node } }
    const request = DECLARING[`${name} ${parent?.name?.getText()}`]
    if (request !== undefined) return request
  }
  return undefined
}

/** The kind of a return type, for the protocol. */
export function returnProtocol(checker: Checker, type: Type): ReturnSignature['protocol'] {
  const parts = constituentsOf(type)
  if (parts.some(isEmbedding)) return 'openai.embedding'
  const items = type.isTypeReference() ? checker.getTypeArguments(type).slice(0, 1) : []
  return [...parts, ...items.flatMap(constituentsOf)].some(isAnswer) ? 'openai' : undefined
}

function isEmbedding(type: Type): boolean {
  const symbol = type.getSymbol()
  return symbol?.name === 'EmbeddingMark' && originOf(symbol) === 'incant'
}

const ANSWERS: readonly string[] = ['ChatCompletion', 'ChatCompletionChunk', 'Completion', 'CreateEmbeddingResponse']

function isAnswer(type: Type): boolean {
  const symbol = type.getSymbol()
  const path = symbol?.declarations[0]?.path
  return symbol !== undefined && path !== undefined && ANSWERS.includes(symbol.name) && packageNameOf(path) === 'openai'
}
