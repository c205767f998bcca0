import { connectionLost } from '../failures/connection-error.ts'
import { InvalidResponseError } from '../failures/errors.ts'
import { describeStreamFailure, isProblem } from '../failures/failure.ts'
import { type ItemParser, Lines, parseItem } from './item-parser.ts'

/**
 * Server-sent events whose data are JSON items (https://html.spec.whatwg.org/multipage/server-sent-events.html). An event
 * `error` is a problem document, and the end.
 */
export class EventParser implements ItemParser {
  readonly #lines = new Lines()
  #event = ''
  #data: string[] = []

  end(): readonly unknown[] {
    // An event without the empty line behind it, and a field without its line end, were cut off. A comment is nothing.
    if (this.#data.length > 0 || /^[^:]/.test(this.#lines.rest)) throw connectionLost(undefined)
    return []
  }

  announced(): undefined {}

  *push(text: string): Generator<unknown, void> {
    for (const line of this.#lines.push(text)) {
      if (line === '') yield* this.#dispatch()
      else this.#read(line)
    }
  }

  #read(line: string): void {
    const [, name, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? []
    if (name === 'data') this.#data.push(value)
    else if (name === 'event') this.#event = value
  }

  *#dispatch(): Generator<unknown, void> {
    const event = this.#event
    const data = this.#data.join('\n')
    const isEmpty = this.#data.length === 0
    this.#event = ''
    this.#data = []
    if (isEmpty) return
    const item = parseItem(data)
    if (event !== 'error') yield item
    else throw toError(item)
  }
}

function toError(item: unknown): Error {
  if (isProblem(item)) return describeStreamFailure(item)
  return new InvalidResponseError('The stream ended with an error that is no problem document.', {
    code: 'invalid_response',
  })
}
