import type { JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'
import type { Mode } from '../call/connect.ts'
import { streamParserOf } from '../call/read-stream.ts'
import { type Credentials, credentialHeaders } from '../sign-in/credentials.ts'
import { type Message, readDelta } from './delta.ts'

interface ChatProps {
  readonly base: string
  readonly mode: Mode
  /** The name of the model in requests. */
  readonly model: string
  readonly credentials: Credentials
}

/** A conversation with a model that supports OpenAI's chat completions. It exists in this page only. */
export function Chat({ base, mode, model, credentials }: ChatProps): JSX.Element {
  const [messages, setMessages] = useState<readonly Message[]>([])
  const [draft, setDraft] = useState('')
  const [failure, setFailure] = useState('')
  const running = useRef<AbortController>(undefined)
  const [isRunning, setRunning] = useState(false)
  const ask = async () => {
    const said: readonly Message[] = [...messages, { role: 'user', content: draft }]
    setMessages(said)
    setDraft('')
    setFailure('')
    setRunning(true)
    running.current = new AbortController()
    const url = `${base}v1/chat/completions`
    const body = JSON.stringify({ model, messages: said, stream: true })
    const onText = (content: string) => setMessages([...said, { role: 'assistant', content }])
    const failed = await converse({
      url,
      body,
      mode,
      headers: credentialHeaders(credentials),
      signal: running.current.signal,
      onText,
    })
    setFailure(failed)
    setRunning(false)
  }
  return (
    <section class="panel chat" aria-label="Chat">
      <ol class="messages" aria-live="polite" aria-busy={isRunning}>
        {messages.map(({ role, content }, index) => (
          <li key={index} class={role}>
            <span class="label">{role === 'user' ? 'You' : model}</span>
            <div class="text whole">{content}</div>
          </li>
        ))}
      </ol>
      {messages.length === 0 && <p class="empty">Say something to the model.</p>}
      {failure !== '' && <p class="notice bad">{failure}</p>}
      <form
        class="row say"
        onSubmit={event => {
          event.preventDefault()
          if (isRunning) running.current?.abort()
          else if (draft.trim() !== '') void ask()
        }}
      >
        <textarea
          rows={2}
          aria-label="Your message"
          value={draft}
          onInput={event => setDraft(event.currentTarget.value)}
          onKeyDown={event => {
            if (event.key !== 'Enter' || event.shiftKey) return
            event.preventDefault()
            event.currentTarget.form?.requestSubmit()
          }}
        />
        <button type="submit" class="primary">
          {isRunning ? 'Stop' : 'Send'}
        </button>
        <button type="button" disabled={isRunning || messages.length === 0} onClick={() => setMessages([])}>
          New
        </button>
      </form>
    </section>
  )
}

interface Conversation {
  readonly url: string
  readonly body: string
  readonly mode: Mode
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  readonly onText: (text: string) => void
}

/** Sends the conversation and passes on the text of the answer as it arrives. Returns the error, if there is one. */
async function converse({ url, body, mode, headers, signal, onText }: Conversation): Promise<string> {
  try {
    const type = { 'Content-Type': 'application/json' }
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: { ...headers, ...type },
      credentials: mode,
      redirect: 'error',
      signal,
    })
    if (!response.ok) return describeRefusal(response.status, await response.text())
    const parse = streamParserOf(response.headers.get('content-type') ?? '')
    if (parse === undefined || response.body === null) {
      onText(readDelta(await response.text()))
      return ''
    }
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
      for (const event of parse(value ?? '')) text += readDelta(event.text)
      onText(text)
    }
    return ''
  } catch {
    return signal.aborted ? 'Stopped.' : 'The connection ended.'
  }
}

function describeRefusal(status: number, text: string): string {
  try {
    const { error, detail, title } = JSON.parse(text)
    return `${status}: ${error?.message ?? detail ?? title ?? 'refused'}`
  } catch {
    return `The server answers with status ${status}.`
  }
}
