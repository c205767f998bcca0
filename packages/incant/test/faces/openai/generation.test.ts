import * as fc from 'fast-check'
import type OpenAI from 'openai'
import { describe, expect, test } from 'vitest'
import { propertyRuns } from '../../../../../tests/property-runs.ts'
import { makeModel, readEvents, readJSON, send } from './_face.ts'

/** A few characters, so that stop strings occur, and occur in part; one is two units long. */
const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '😀', '\n'), maxLength: 24 })

/** A text in pieces, cut anywhere, also within a character. */
const pieces = text.chain(whole =>
  fc.array(fc.nat({ max: whole.length }), { maxLength: 12 }).map(cuts => {
    const places = [0, ...cuts.sort((left, right) => left - right), whole.length]
    return places.slice(1).map((end, index) => whole.slice(places[index], end))
  }),
)

const stops = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c', '😀'), minLength: 1, maxLength: 4 }), {
  maxLength: 4,
})

/** The text before the stop string that is complete first, letter by letter: the definition, in the plainest way. */
function cut(whole: string, all: readonly string[]): string {
  for (let end = 1; end <= whole.length; end += 1) {
    const found = all.filter(stop => whole.slice(0, end).endsWith(stop)).map(stop => end - stop.length)
    if (found.length > 0) return whole.slice(0, Math.min(...found))
  }
  return whole
}

describe('a stream and a whole answer', () => {
  test('have the same text, cut at the same place, and end for the same reason', { tags: ['property'] }, async () => {
    await fc.assert(
      fc.asyncProperty(pieces, stops, fc.constantFrom('stop', 'length', undefined), async (list, stop, reason) => {
        const model = makeModel('m', {
          protocol: 'openai.chat',
          async *predict() {
            yield* list
            return reason === undefined ? undefined : { finish_reason: reason }
          },
        })
        const body = { model: 'm', messages: [], ...(stop.length === 0 ? {} : { stop }) }
        const answer = await send([model], '/v1/chat/completions', body)
        const [whole] = (await readJSON<OpenAI.Chat.ChatCompletion>(answer)).choices
        const events = await readEvents(await send([model], '/v1/chat/completions', { ...body, stream: true }))
        const chunks = events.slice(0, -1) as OpenAI.Chat.ChatCompletionChunk[]
        const contents = chunks.flatMap(chunk => chunk.choices[0]?.delta.content ?? [])
        const expected = cut(list.join(''), stop)
        expect(contents.join('')).toBe(expected)
        expect(whole?.message.content).toBe(expected)
        expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe(whole?.finish_reason)
        const isCut = expected !== list.join('')
        expect(whole?.finish_reason).toBe(isCut ? 'stop' : (reason ?? 'stop'))
        // The first chunk alone is empty, and no character is in two halves.
        expect(contents.slice(1)).not.toContain('')
        expect(contents.filter(content => /\p{Surrogate}/u.test(content))).toEqual([])
        expect(events.at(-1)).toBe('[DONE]')
      }),
      { numRuns: propertyRuns(1000) },
    )
  })
})
