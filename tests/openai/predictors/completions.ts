import { BasePredictor } from 'incant'
import type { CompletionEnd, CompletionRequest } from 'incant/openai'

export default class Writer extends BasePredictor {
  async *predict({ prompt }: Pick<CompletionRequest, 'prompt' | 'max_tokens'>): AsyncGenerator<string, CompletionEnd> {
    yield* [' Is', 'hma', 'el.', ' END', ' more']
    return { finish_reason: 'length', usage: { prompt_tokens: prompt.length, completion_tokens: 5 } }
  }
}
