import { BasePredictor } from 'incant'
import type { ChatRequest } from 'incant/openai'

/** Answers with what it has heard, word by word. */
export default class Talks extends BasePredictor {
  async *predict({ messages }: Pick<ChatRequest, 'messages'>): AsyncGenerator<string> {
    const heard = messages.filter(({ role }) => role === 'user').map(({ content }) => content)
    for (const word of `I heard ${heard.length}: ${heard.join(' and ')} <b>.`.split(' ')) yield `${word} `
  }
}
