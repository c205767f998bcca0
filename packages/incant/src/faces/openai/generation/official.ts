import { isResponse } from '../../../http/platform-objects.ts'
import { isObject } from '../../../validation/json-types.ts'
import type { FaceAnswer, ItemsAnswer } from '../../model.ts'
import { DONE, eventOf } from '../answer.ts'
import type { Whole } from './write-choices.ts'

type Document = Readonly<Record<string, unknown>>

/** An answer of predict that is one of the API's own, in one piece or in chunks. */
export type OfficialAnswer = ItemsAnswer | { readonly kind: 'document'; readonly document: Document }

/** The answer, if its form is that of the API. */
export function asOfficial(answer: FaceAnswer): OfficialAnswer | undefined {
  if (isResponse(answer) || answer.kind === 'bytes') return undefined
  if (answer.kind === 'items') return answer
  const { value } = answer
  return isObject(value) && Array.isArray(value['choices']) ? { kind: 'document', document: value } : undefined
}

/** How the two forms become each other. */
export interface OfficialForm {
  /** The chunks of a whole answer. */
  split(document: Document): readonly object[]
  begin(): Whole
  /** The `object` of a complete answer. */
  readonly object: string
}

/** The events of a stream, as predict chunks them. */
export async function* officialEvents(
  answer: OfficialAnswer,
  { split }: OfficialForm,
): AsyncGenerator<string, void, undefined> {
  if (answer.kind === 'document') yield* split(answer.document).map(eventOf)
  else for await (const item of answer.items) yield `data: ${item}\n\n`
  yield DONE
}

/** The whole answer, put together where predict gave chunks. */
export async function officialDocument(answer: OfficialAnswer, form: OfficialForm): Promise<Document> {
  if (answer.kind === 'document') return answer.document
  const choices: { readonly whole: Whole; reason: string }[] = []
  let envelope: Document = {}
  let usage: unknown
  for await (const item of answer.items) {
    const chunk: unknown = JSON.parse(item)
    if (!isObject(chunk)) continue
    const { choices: pieces, usage: told, ...rest } = chunk
    envelope = { ...rest, ...envelope }
    usage = told ?? usage
    for (const piece of Array.isArray(pieces) ? pieces.filter(isObject) : []) {
      const index = Number(piece['index'] ?? 0)
      choices[index] ??= { whole: form.begin(), reason: 'stop' }
      choices[index].whole.add(piece)
      choices[index].reason = String(piece['finish_reason'] ?? choices[index].reason)
    }
  }
  const whole = choices.map(({ whole, reason }, index) => whole.toChoice(index, reason))
  return { ...envelope, object: form.object, choices: whole, ...(usage === undefined ? {} : { usage }) }
}
