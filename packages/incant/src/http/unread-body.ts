/**
 * A body that the process which runs predict reads and checks: the process with the sockets would be held up by it, or
 * would need memory for the whole of it.
 */
export class UnreadBody {
  /** The header of the request. */
  readonly contentType: string
  /** All of it, or where it comes from. */
  readonly content: Uint8Array | ReadableStream<Uint8Array>

  constructor(contentType: string, content: Uint8Array | ReadableStream<Uint8Array>) {
    this.contentType = contentType
    this.content = content
  }
}
