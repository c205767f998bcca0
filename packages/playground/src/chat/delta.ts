/** One turn of a conversation. */
export interface Message {
  readonly role: 'user' | 'assistant'
  readonly content: string
}

/** The text of one event of a chat completion, or of a whole completion. */
export function readDelta(text: string): string {
  if (text === '[DONE]') return ''
  try {
    const [choice] = Object(JSON.parse(text)).choices ?? []
    const { content = '' } = choice?.delta ?? choice?.message ?? {}
    return typeof content === 'string' ? content : ''
  } catch {
    return ''
  }
}
