import type { ByteFile } from './byte-file.ts'

/** Bytes that are no Protocol Buffers message, or not all of one. */
export class MessageError extends Error {
  override readonly name = 'MessageError'
}

/** A part of a file with a message in it. */
export interface Message {
  readonly file: ByteFile
  readonly start: number
  readonly end: number
}

/** One field of a message, in the order of the file. */
export interface Field {
  readonly number: number
  /** The value of a number. Absent of everything else. */
  readonly value?: number
  /** What has a length: a text, bytes, or a message. Empty of everything else. */
  readonly content: Message
}

const VARINT = 0
const FIXED_64 = 1
const LENGTH_DELIMITED = 2
const FIXED_32 = 5

/**
 * The fields of a message. What is passed over is not read.
 *
 * @see https://protobuf.dev/programming-guides/encoding/
 * @throws {MessageError}
 */
export function* fieldsOf(message: Message): Generator<Field, void, undefined> {
  let position = message.start
  while (position < message.end) {
    const tag = readVarint(message, position)
    const number = Math.floor(tag.value / 8)
    if (number === 0) throw new MessageError('a field has the number 0')
    const field = readField(message, tag.next, tag.value % 8)
    position = field.content.end
    yield { number, ...field }
  }
}

function readField(message: Message, start: number, wireType: number): Omit<Field, 'number'> {
  switch (wireType) {
    case VARINT: {
      const { value, next } = readVarint(message, start)
      return { value, content: part(message, next, 0) }
    }
    case FIXED_64:
      return { content: part(message, start, 8) }
    case FIXED_32:
      return { content: part(message, start, 4) }
    case LENGTH_DELIMITED: {
      const length = readVarint(message, start)
      return { content: part(message, length.next, length.value) }
    }
    default:
      throw new MessageError(`a field has the wire type ${wireType}`)
  }
}

function part({ file, end }: Message, start: number, length: number): Message {
  if (start + length > end) throw new MessageError('a field is longer than its message')
  return { file, start, end: start + length }
}

/** A number of 64 bits has ten bytes at most. Past 2^53 it is rounded. */
const MAXIMUM_BYTES = 10

function readVarint({ file, end }: Message, start: number): { readonly value: number; readonly next: number } {
  let value = 0
  for (let index = 0; index < MAXIMUM_BYTES; index += 1) {
    if (start + index >= end) throw new MessageError('a number ends with its message')
    const byte = file.byteAt(start + index)
    value += (byte & 0x7f) * 2 ** (7 * index)
    if (byte < 0x80) return { value, next: start + index + 1 }
  }
  throw new MessageError('a number is longer than 64 bits')
}

/** Bytes of a name or a path at most. */
const LONGEST_TEXT = 65_536

const decoder = new TextDecoder()

/** @throws {MessageError} for a text that is longer than any name. */
export function readText({ file, start, end }: Message): string {
  if (end - start > LONGEST_TEXT) throw new MessageError('a name is too long')
  return decoder.decode(file.read(start, end))
}

/** A text, or as much of it as is worth showing. */
export function readStart({ file, start, end }: Message): string {
  return decoder.decode(file.read(start, Math.min(end, start + LONGEST_TEXT)))
}
