import { BasePredictor } from 'incant'
import type OpenAI from 'openai'

type Request = OpenAI.Chat.ChatCompletionCreateParams
type Answer = OpenAI.Chat.ChatCompletion | AsyncIterable<OpenAI.Chat.ChatCompletionChunk>

const COMMON = { id: 'chatcmpl-official', created: 1_700_000_000, model: 'upstream' }

/** Writes the answers of the API itself, in the types of its own package: what a proxy does. */
export default class Official extends BasePredictor {
  predict({ messages, stream }: Request): Answer {
    const content = `${messages.length} messages`
    if (stream === true) return chunks(content)
    const message = { role: 'assistant' as const, content, refusal: null }
    const choices = [{ index: 0, message, logprobs: null, finish_reason: 'stop' as const }]
    return { ...COMMON, object: 'chat.completion', choices }
  }
}

async function* chunks(content: string): AsyncGenerator<OpenAI.Chat.ChatCompletionChunk> {
  const common = { ...COMMON, object: 'chat.completion.chunk' as const }
  for (const delta of [{ role: 'assistant' as const, content: '' }, { content }])
    yield { ...common, choices: [{ index: 0, delta, finish_reason: null }] }
  yield { ...common, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }
}
