import { RequestError } from '../../errors/request-error.ts'

/** The limits of a form. */
export interface FormLimits {
  /** Parts of `multipart/form-data`. */
  readonly maxFormParts: number
  /** Fields of `application/x-www-form-urlencoded`. */
  readonly maxFormFields: number
  /** Bytes of the headers of one part. */
  readonly maxPartHeaderSize: number
}

/** The refusal of a body that is no form. */
export function invalidForm(found: string): RequestError {
  return new RequestError('invalid_form', {
    detail: `The body does not parse as the form its content type declares: ${found}.`,
  })
}

/** The refusal of a form with text that is not UTF-8. */
export function invalidText(what: string): RequestError {
  return new RequestError('invalid_utf8', { detail: `${what} must be UTF-8.` })
}

/** The refusal of a form that is larger than it may be. */
export function formTooLarge(detail: string): RequestError {
  return new RequestError('body_too_large', { detail })
}
