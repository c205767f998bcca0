import type {
  ChatDelta,
  ChatEnd,
  ChatMessage,
  ChatReply,
  ChatRequest,
  CompletionEnd,
  CompletionRequest,
  Embedding,
  EmbeddingRequest,
  ImageRequest,
  ModerationRequest,
} from 'incant/openai'
import type OpenAI from 'openai'
import { describe, expectTypeOf, test } from 'vitest'

type Official = OpenAI.Chat.ChatCompletionCreateParams
/** What only a predictor that says so can do: `ChatRequest & { audio?: … }`. */
type Extra = 'messages' | 'tools' | 'tool_choice' | 'reasoning_effort'

/** The members that `undefined` may stand for also take null. */
type NotNullable<Type> = {
  [Key in keyof Type]-?: undefined extends Type[Key] ? (null extends Type[Key] ? never : Key) : never
}[keyof Type]

describe('the types of incant/openai beside those of the package openai', () => {
  test('an official request is one of ours, but for kinds of tools and messages that ours do not name', () => {
    expectTypeOf<Omit<Official, Extra>>().toExtend<Omit<ChatRequest, Extra>>()
    expectTypeOf<OpenAI.Chat.ChatCompletionFunctionTool>().toExtend<NonNullable<ChatRequest['tools']>[number]>()
    expectTypeOf<OpenAI.Chat.ChatCompletionNamedToolChoice>().toExtend<NonNullable<ChatRequest['tool_choice']>>()
    expectTypeOf<OpenAI.Chat.ChatCompletionSystemMessageParam>().toExtend<ChatMessage>()
    expectTypeOf<OpenAI.Chat.ChatCompletionDeveloperMessageParam>().toExtend<ChatMessage>()
    expectTypeOf<OpenAI.Chat.ChatCompletionUserMessageParam>().toExtend<ChatMessage>()
    expectTypeOf<OpenAI.Chat.ChatCompletionToolMessageParam>().toExtend<ChatMessage>()
    expectTypeOf<Omit<OpenAI.CompletionCreateParams, 'prompt'>>().toExtend<Omit<CompletionRequest, 'prompt'>>()
    expectTypeOf<Omit<OpenAI.EmbeddingCreateParams, 'input'>>().toExtend<Omit<EmbeddingRequest, 'input'>>()
    expectTypeOf<Omit<OpenAI.ModerationCreateParams, 'input'>>().toExtend<Omit<ModerationRequest, 'input'>>()
    expectTypeOf<Pick<OpenAI.ImageGenerateParams, 'prompt' | 'n' | 'size' | 'quality'>>().toExtend<ImageRequest>()
  })

  test('a message of an official answer is an answer of ours, and a message of the next request', () => {
    expectTypeOf<Pick<OpenAI.Chat.ChatCompletionMessage, 'role' | 'content' | 'refusal'>>().toExtend<ChatReply>()
    expectTypeOf<OpenAI.Chat.ChatCompletionChunk.Choice.Delta['tool_calls']>().toExtend<
      { index: number; id?: string; type?: 'function' }[] | undefined
    >()
    expectTypeOf<NonNullable<ChatEnd['finish_reason']>>().toExtend<
      NonNullable<OpenAI.Chat.ChatCompletionChunk.Choice['finish_reason']>
    >()
    expectTypeOf<NonNullable<CompletionEnd['finish_reason']>>().toExtend<OpenAI.CompletionChoice['finish_reason']>()
    expectTypeOf<NonNullable<ChatDelta['logprobs']>['content']>().toExtend<
      NonNullable<OpenAI.Chat.ChatCompletion.Choice['logprobs']>['content']
    >()
  })

  test('every member that may be absent may be null', () => {
    expectTypeOf<NotNullable<ChatRequest>>().toBeNever()
    expectTypeOf<NotNullable<CompletionRequest>>().toBeNever()
    expectTypeOf<NotNullable<EmbeddingRequest>>().toBeNever()
    expectTypeOf<NotNullable<ModerationRequest>>().toBeNever()
    expectTypeOf<NotNullable<ImageRequest>>().toBeNever()
  })

  test('numbers of either kind are an embedding', () => {
    expectTypeOf<number[]>().toExtend<Embedding>()
    expectTypeOf<Float32Array>().toExtend<Embedding>()
    expectTypeOf<number[][]>().toExtend<Embedding[]>()
    expectTypeOf<string[]>().not.toExtend<Embedding>()
  })
})
