import type { SourceLocation } from 'incant/internal/signature'

/** Something that the developer should know and that does not end the start. */
export interface SignatureWarning {
  readonly message: string
  readonly location: SourceLocation | undefined
}
