import { BasePredictor, type PredictContext } from 'incant'
import { bearerAuth } from 'incant/auth'
import type { ChatDelta, ChatEnd, ChatRequest } from 'incant/openai'

/** A model that does what its caller asks for, so that each case of a client can be seen. */
@bearerAuth({ tokens: ['sk-incant-0123456789abcdef'] })
export default class Bot extends BasePredictor {
  #failures = 0
  #ended = 0

  async *predict(
    { messages, tools, response_format }: ChatRequest,
    { signal }: PredictContext,
  ): AsyncGenerator<string | ChatDelta, ChatEnd> {
    const last = messages.at(-1)
    const text = typeof last?.content === 'string' ? last.content : JSON.stringify(last?.content)
    if (last?.role === 'tool') yield* ['The tool says ', text]
    else if (response_format?.type === 'json_schema') yield* ['{"name":"A', 'da","age', '":36}']
    else if (text === 'fail before') throw new Error(`failure ${++this.#failures}`)
    else if (text === 'failures') yield String(this.#failures)
    else if (text === 'fail in the middle') yield* failing()
    else if (text === 'endless') yield* this.#endless(signal)
    else if (text === 'ended') yield String(this.#ended)
    else if (tools?.[0] !== undefined) yield* call(tools[0].function.name)
    else yield* ['Hel', 'lo 😀', ' wor', 'ld. ', 'END', ' more']
    return { finish_reason: 'stop', usage: { prompt_tokens: 9, completion_tokens: 6 } }
  }

  async *#endless(signal: AbortSignal): AsyncGenerator<string> {
    try {
      while (!signal.aborted) {
        yield 'and '
        await new Promise(resolve => setTimeout(resolve, 5))
      }
    } finally {
      this.#ended += 1
    }
  }
}

async function* failing(): AsyncGenerator<string> {
  yield 'so far'
  throw new Error('in the middle')
}

/** Two calls at once, in pieces. */
function* call(name: string): Generator<ChatDelta> {
  for (const city of ['Graz', 'Wien']) {
    yield { tool_calls: [{ id: `call_${city}`, function: { name } }] }
    yield { tool_calls: [{ id: `call_${city}`, function: { arguments: '{"city":' } }] }
    yield { tool_calls: [{ id: `call_${city}`, function: { arguments: `"${city}"}` } }] }
  }
}
