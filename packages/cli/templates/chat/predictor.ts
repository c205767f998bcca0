import { BasePredictor, type PredictContext } from 'incant'
import type { ChatRequest } from 'incant/openai'

/** Its type is that of a chat, so clients of the OpenAI API can call it at /v1/chat/completions. */
export default class Predictor extends BasePredictor {
  /** Repeats the last message, word by word. */
  async *predict(
    { messages }: Pick<ChatRequest, 'messages' | 'max_tokens'>,
    { signal }: PredictContext,
  ): AsyncGenerator<string> {
    const content = messages.at(-1)?.content
    // Your model, in place of an echo.
    for (const word of typeof content === 'string' ? content.split(' ') : []) {
      if (signal.aborted) return
      yield `${word} `
    }
  }
}
