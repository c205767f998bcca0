import type { BodyClass } from '../signature/signature.ts'
import type { LentBody } from './transport.ts'

/** How predict takes bytes. */
interface TakenAs {
  readonly bodyClass: BodyClass
  /** The header of the request. */
  readonly mediaType: string
}

/** A body of bytes in pieces of lent memory, for predict in another process, which gets it in one. */
export class BodyPieces {
  readonly pieces: readonly Uint8Array[]
  readonly bodyClass: BodyClass
  readonly mediaType: string
  readonly #lent: LentBody

  constructor(lent: LentBody, { bodyClass, mediaType }: TakenAs) {
    this.pieces = lent.pieces
    this.bodyClass = bodyClass
    this.mediaType = mediaType
    this.#lent = lent
  }

  /** Gives the memory back: the other process has all of it. */
  giveBack(): void {
    this.#lent.giveBack()
  }
}
