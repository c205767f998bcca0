import {
  MaxHeaderSizeExceededError,
  MaxPartsExceededError,
  MultipartParseError,
  type MultipartPart,
  parseMultipart,
} from '@remix-run/multipart-parser'
import type { FormFile } from '../../validation/received-file.ts'
import { type FormLimits, formTooLarge, invalidForm, invalidText } from './form-limits.ts'
import { decodeExtendedValue, parseParameters } from './parameters.ts'
import { PartHeaders } from './part-headers.ts'
import { type FormEntry, ReceivedForm } from './received-form.ts'

/**
 * Reads `multipart/form-data` (RFC 7578, RFC 2046 §5.1): names quoted or not, parameters in any order, `filename*`, a
 * preamble, an epilogue, white space after a boundary, headers folded over several lines. Fields without a file name are text.
 *
 * @param contentType - The header of the request, which names the boundary.
 * @throws {RequestError} `body_too_large`, `invalid_form`, `invalid_utf8`.
 */
export function readMultipart(body: Uint8Array, contentType: string, limits: FormLimits): ReceivedForm {
  const boundary = parseParameters(contentType).parameters.get('boundary')
  if (!boundary) throw invalidForm('the content type names no boundary')
  if (boundary.length > LONGEST_BOUNDARY) throw invalidForm('the boundary has more than 70 characters')
  try {
    return new ReceivedForm([...readEntries(skipPreamble(body, boundary, limits), boundary, limits)])
  } catch (thrown) {
    throw thrown instanceof MultipartParseError ? explain(thrown, limits) : thrown
  }
}

function* readEntries(body: Uint8Array, boundary: string, limits: FormLimits): Generator<FormEntry> {
  const { maxFormParts, maxPartHeaderSize } = limits
  const options = {
    boundary,
    maxParts: maxFormParts,
    maxHeaderSize: maxPartHeaderSize,
    // The whole body has been measured already.
    maxFileSize: Number.POSITIVE_INFINITY,
    maxTotalSize: Number.POSITIVE_INFINITY,
  }
  const headers = new PartHeaders(body, boundary, limits)
  let number = 0
  for (const part of parseMultipart(body, options)) {
    number += 1
    yield readPart(part, headers.next(part), number)
  }
}

function readPart(part: MultipartPart, headers: ReadonlyMap<string, string>, number: number): FormEntry {
  const { value, parameters } = parseParameters(headers.get('content-disposition') ?? '')
  const name = parameters.get('name')
  if (value !== 'form-data' || name === undefined) {
    throw invalidForm(`part ${number} has no header such as Content-Disposition: form-data; name="field"`)
  }
  refuseEncoding(headers.get('content-transfer-encoding'), number)
  const fileName = fileNameOf(parameters)
  if (fileName === undefined) return [decodeName(name), readText(part, number)]
  const file: FormFile = {
    name: fileName,
    mediaType: headers.get('content-type') ?? 'text/plain',
    bytes: bytesOf(part),
  }
  return [decodeName(name), file]
}

/** RFC 7578 §4.7 leaves no use for it, and a file that is still encoded would be taken for one that is not. */
function refuseEncoding(encoding: string | undefined, number: number): void {
  const name = encoding?.toLowerCase()
  if (name !== 'base64' && name !== 'quoted-printable') return
  throw invalidForm(`part ${number} has the Content-Transfer-Encoding ${name}, which no part of a form may have`)
}

function fileNameOf(parameters: ReadonlyMap<string, string>): string | undefined {
  const extended = parameters.get('filename*')
  const plain = parameters.get('filename')
  return (extended && decodeExtendedValue(extended)) ?? (plain && decodeName(plain)) ?? plain
}

/** Browsers escape these three in names (WHATWG HTML §4.10.21.8), and nothing else. */
function decodeName(name: string): string {
  return name.replace(/%(0A|0D|22)/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
}

function bytesOf({ content, bytes }: MultipartPart): Uint8Array {
  const [only] = content
  return content.length === 1 && only !== undefined ? only : bytes
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function readText(part: MultipartPart, number: number): string {
  try {
    return decoder.decode(bytesOf(part))
  } catch {
    throw invalidText(`The text of part ${number}`)
  }
}

/** RFC 2046 §5.1.1. */
const LONGEST_BOUNDARY = 70

const CARRIAGE_RETURN = 0x0d

/** Text before the first boundary is for mail readers and is skipped. It may be as long as the headers of a part. */
function skipPreamble(body: Uint8Array, boundary: string, { maxPartHeaderSize }: FormLimits): Uint8Array {
  const opening = new TextEncoder().encode(`--${boundary}`)
  if (startsWith(body, opening, 0)) return body
  const line = new TextEncoder().encode(`\r\n--${boundary}`)
  for (let at = 0; at < Math.min(body.length, maxPartHeaderSize); at += 1) {
    if (body[at] === CARRIAGE_RETURN && startsWith(body, line, at)) return body.subarray(at + 2)
  }
  throw invalidForm('it does not begin with the boundary that the content type names')
}

function startsWith(body: Uint8Array, text: Uint8Array, at: number): boolean {
  for (let index = 0; index < text.length; index += 1) if (body[at + index] !== text[index]) return false
  return true
}

function explain(error: MultipartParseError, { maxFormParts, maxPartHeaderSize }: FormLimits): Error {
  if (error instanceof MaxPartsExceededError) return formTooLarge(`A form may have ${maxFormParts} parts.`)
  if (error instanceof MaxHeaderSizeExceededError)
    return formTooLarge(`The headers of a part may have ${maxPartHeaderSize} bytes.`)
  return invalidForm('it ends before the boundary that closes it')
}
