/** A kind of project that can be scaffolded, and the call that shows it. */
interface KindDescription {
  readonly summary: string
  /** The end of a `curl` command. */
  readonly call: string
}

/** The name of a kind. */
export type Kind = 'plain' | 'batch' | 'stream' | 'chat' | 'image'

/** Every kind, by name. The templates are in the folder `templates` of this package. */
export const KINDS: Readonly<Record<Kind, KindDescription>> = {
  plain: {
    summary: 'one request, one answer',
    call: `/predict -d '{"text":"A great book"}'`,
  },
  batch: {
    summary: 'a model that computes many inputs at once',
    call: `/predict -d '{"text":"Guten Tag"}'`,
  },
  stream: {
    summary: 'an answer in pieces, each sent when it is there',
    call: `/predict -d '{"text":"one by one"}'`,
  },
  chat: {
    summary: 'a chat for clients of the OpenAI API',
    call: `/v1/chat/completions -H 'Content-Type: application/json' -d '{"messages":[{"role":"user","content":"Hello"}]}'`,
  },
  image: {
    summary: 'a form with a picture',
    call: '/predict -F image=@picture.png',
  },
}

/** Whether a text names a kind. */
export function isKind(text: string): text is Kind {
  return Object.hasOwn(KINDS, text)
}
