import { connectionLost } from '../failures/connection-error.ts'
import { describeStreamFailure, isProblem } from '../failures/failure.ts'
import { type ItemParser, Lines, parseItem } from './item-parser.ts'

/**
 * Lines of JSON items (NDJSON). A stream that fails ends with `{"error": problem}` and a broken connection: such a line
 * is kept back until it is known to be the end, or an item that happens to look like one.
 */
export class LineParser implements ItemParser {
  readonly #lines = new Lines()
  #held: { readonly item: unknown; readonly error: Error } | undefined

  end(): readonly unknown[] {
    if (this.#lines.rest.trim() !== '') throw connectionLost(undefined)
    return this.#release()
  }

  announced(): Error | undefined {
    return this.#held?.error
  }

  *push(text: string): Generator<unknown, void> {
    for (const line of this.#lines.push(text)) {
      if (line.trim() === '') continue
      yield* this.#release()
      const item = parseItem(line)
      const error = findError(item)
      if (error === undefined) yield item
      else this.#held = { item, error }
    }
  }

  #release(): readonly unknown[] {
    const held = this.#held
    this.#held = undefined
    return held === undefined ? [] : [held.item]
  }
}

function findError(item: unknown): Error | undefined {
  if (typeof item !== 'object' || item === null || !('error' in item)) return undefined
  return isProblem(item.error) ? describeStreamFailure(item.error) : undefined
}
