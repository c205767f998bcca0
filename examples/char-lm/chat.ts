import type { ChatRequest } from 'incant/openai'
import { type Text, TextWriter } from './text-writer.ts'

type Request = Pick<ChatRequest, 'messages' | 'max_tokens' | 'temperature' | 'seed'>

/** The same model in a chat, POST /v1/chat/completions. It has read one novel, and goes on from what was said last. */
export default class Chat extends TextWriter {
  static warmup: Request[] = [{ messages: [{ role: 'user', content: 'Call me' }], max_tokens: 1 }]

  begin({ messages, max_tokens, temperature, seed }: Request): Text {
    return this.start({
      prompt: textOf(messages.at(-1)?.content),
      length: max_tokens ?? 300,
      temperature: temperature ?? 0.6,
      seed: seed ?? undefined,
    })
  }
}

/** A text, or the texts of the parts of a message. */
function textOf(content: Request['messages'][number]['content']): string {
  if (typeof content === 'string') return content
  return (content ?? []).map(part => (part.type === 'text' ? part.text : '')).join('')
}
