import { InvalidResponseError } from '../failures/errors.ts'

/** Parses the text of a stream into items. */
export interface ItemParser {
  /**
   * Takes the next piece of text.
   *
   * @returns The items that are complete by now.
   * @throws {ModelClientError} Where the server says that the stream has failed, after the items before.
   */
  push(text: string): Generator<unknown, void>
  /**
   * The stream has ended as it should.
   *
   * @returns The items that were kept back.
   * @throws {ModelClientError} Where the last item is not complete.
   */
  end(): readonly unknown[]
  /** The connection broke: the error that the server announced before, if it did. */
  announced(): Error | undefined
}

/** An item's JSON as a value. */
export function parseItem(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new InvalidResponseError('An item of the stream is not JSON.', { code: 'invalid_response' })
  }
}

/** Cuts text that comes in pieces into lines, which end with LF, CR LF or CR. */
export class Lines {
  #rest = ''
  #endedWithCR = false

  /** The lines that are complete by now. */
  push(text: string): string[] {
    if (text === '') return []
    // The second half of a CR LF, whose line has been given out.
    const fresh = this.#endedWithCR && text.startsWith('\n') ? text.slice(1) : text
    this.#endedWithCR = text.endsWith('\r')
    const lines = (this.#rest + fresh).split(/\r\n|[\r\n]/)
    this.#rest = lines.pop() ?? ''
    return lines
  }

  /** The text after the last line end. */
  get rest(): string {
    return this.#rest
  }
}
