import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { PredictSignature } from 'incant'
import { beforeAll, describe, expect, test } from 'vitest'
import { Compiler } from '../../src/signature/compiler/compiler.ts'
import { readSignaturesWith } from '../../src/signature/read-and-check.ts'

const IMPORTS = `import { BasePredictor, BatchPredictor, type Form } from 'incant'
import type { AudioFields, ChatRequest, CompletionRequest, Embedding, EmbeddingRequest, ImageRequest, ModerationRequest, RerankRequest, TranscriptionRequest } from 'incant/openai'
import type OpenAI from 'openai'
type Alias = ChatRequest
interface Narrowed extends ChatRequest { messages: { role: 'user'; content: string }[] }
class Inherited implements Pick<ChatRequest, 'messages'> { messages: ChatRequest['messages'] = [] }
`

/** The type of predict's parameter, and the request that it is. */
const REQUESTS: readonly (readonly [type: string, protocol: string | undefined])[] = [
  ['ChatRequest', 'openai.chat'],
  ['Alias', 'openai.chat'],
  ["Pick<ChatRequest, 'messages' | 'temperature'>", 'openai.chat'],
  ["Omit<ChatRequest, 'tools'>", 'openai.chat'],
  ['ChatRequest & { top_k?: number }', 'openai.chat'],
  ["Pick<ChatRequest, 'messages'> & { top_k?: number | null }", 'openai.chat'],
  ['Required<ChatRequest>', 'openai.chat'],
  ['Narrowed', 'openai.chat'],
  ['ChatRequest | undefined', 'openai.chat'],
  ['CompletionRequest', 'openai.completion'],
  ['EmbeddingRequest', 'openai.embedding'],
  ['ModerationRequest', 'openai.moderation'],
  ['RerankRequest', 'openai.rerank'],
  ['ImageRequest', 'openai.image'],
  ['TranscriptionRequest', 'openai.transcription'],
  ["Form<Pick<AudioFields, 'file'>>", 'openai.transcription'],
  ['OpenAI.Chat.ChatCompletionCreateParams', 'openai.chat'],
  ['OpenAI.Chat.ChatCompletionCreateParamsNonStreaming', 'openai.chat'],
  ['OpenAI.CompletionCreateParams', 'openai.completion'],
  ['OpenAI.EmbeddingCreateParams', 'openai.embedding'],
  ['OpenAI.ModerationCreateParams', 'openai.moderation'],
  // Of other people's making, whatever the names.
  ['{ messages: { role: string; content: string }[] }', undefined],
  ["{ text: string } & Pick<ChatRequest, 'temperature'>", undefined],
  ['Inherited', undefined],
  ['{ input: string; model?: string }', undefined],
]

/** The return type, and what it is to a protocol. */
const RETURNS: readonly (readonly [type: string, protocol: string | undefined])[] = [
  ['Embedding', 'openai.embedding'],
  ['Promise<Embedding>', 'openai.embedding'],
  ['OpenAI.Chat.ChatCompletion', 'openai'],
  ['Promise<OpenAI.Chat.ChatCompletion>', 'openai'],
  ['AsyncIterable<OpenAI.Chat.ChatCompletionChunk>', 'openai'],
  ['OpenAI.Completion', 'openai'],
  ['Promise<OpenAI.CreateEmbeddingResponse>', 'openai'],
  ['AsyncGenerator<string>', undefined],
  ['number[]', undefined],
]

let signatures: ReadonlyMap<string, PredictSignature>

beforeAll(() => {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'incant-'))
  const compiler = new Compiler(folder)
  try {
    const file = join(folder, 'protocols.ts')
    writeFileSync(file, [IMPORTS, ...classes()].join('\n'))
    mkdirSync(join(folder, 'node_modules'))
    const installed = dirname(createRequire(import.meta.url).resolve('openai'))
    symlinkSync(installed, join(folder, 'node_modules', 'openai'), 'junction')
    const reading = readSignaturesWith((path, use) => compiler.open(path, use), { file, all: true })
    signatures = new Map(reading.signatures.map(signature => [signature.className, signature]))
  } finally {
    compiler.end()
    rmSync(folder, { recursive: true, force: true })
  }
})

describe('the OpenAI API, by the types of predict', () => {
  test.each([...REQUESTS.entries()].map(([index, row]) => [...row, index] as const))(
    'a parameter that is %s: %s',
    (_type, protocol, index) => {
      expect(signatures.get(`P${index}`)?.parameters[0]?.protocol).toBe(protocol)
    },
  )

  test.each([...RETURNS.entries()].map(([index, row]) => [...row, index] as const))(
    'a result that is %s: %s',
    (_type, protocol, index) => {
      expect(signatures.get(`R${index}`)?.returns.map(form => form.protocol)).toContain(protocol)
    },
  )

  test('a batch of embeddings', () => {
    const batch = signatures.get('Batch')
    expect(batch?.parameters[0]).toMatchObject({ role: 'text', schema: { type: 'string' } })
    expect(batch?.returns.map(({ kind, protocol }) => [kind, protocol])).toEqual([['json', 'openai.embedding']])
  })

  test('what Pick leaves out is not in the schema; what the JSDoc of a member limits is limited', () => {
    const { parameters, definitions } = signatures.get('P2') ?? {}
    const text = JSON.stringify([parameters, definitions])
    expect(text).toContain('"maximum":2')
    expect(text).not.toContain('tool_choice')
  })
})

function classes(): readonly string[] {
  return [
    ...REQUESTS.map(
      ([type], index) =>
        `export class P${index} extends BasePredictor { predict(request: ${type}): string { return '' } }`,
    ),
    ...RETURNS.map(
      ([type], index) =>
        `export class R${index} extends BasePredictor { predict(text: string): ${type} { throw new Error(text) } }`,
    ),
    'export class Batch extends BatchPredictor { async predictBatch(texts: string[]): Promise<(Embedding | Error)[]> { return texts.map(() => [1]) } }',
  ]
}
