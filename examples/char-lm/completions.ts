import type { CompletionRequest } from 'incant/openai'
import { type Text, TextWriter } from './text-writer.ts'

type Request = Pick<CompletionRequest, 'prompt' | 'max_tokens' | 'temperature' | 'seed'>

/** The same model for clients of the OpenAI API: POST /v1/completions. A token is a character. */
export default class Completions extends TextWriter {
  static warmup: Request[] = [{ prompt: 'Call me', max_tokens: 1 }]

  begin({ prompt, max_tokens, temperature, seed }: Request): Text {
    return this.start({
      prompt,
      length: max_tokens ?? 300,
      temperature: temperature ?? 0.6,
      seed: seed ?? undefined,
    })
  }
}
