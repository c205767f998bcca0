import { RequestError } from '../../errors/request-error.ts'
import { Answer } from '../../http/answer.ts'
import type { FaceExchange } from '../exchange.ts'
import { decode, TooManyValues } from './protobuf/decode.ts'
import { encode } from './protobuf/encode.ts'
import { MalformedMessage } from './protobuf/reader.ts'
import type { MessageShape } from './protobuf/shape.ts'

/** Values that are read one by one take the front's time: these take about 10 ms. */
export const MOST_VALUES = 100_000

/**
 * Reads the message of a call.
 *
 * @throws {RequestError} `bad_request`, `body_too_large`.
 */
export function readMessage<Message>(shape: MessageShape<Message>, { body }: FaceExchange): Message {
  // The routes of gRPC take their body as bytes.
  const bytes = body as Uint8Array
  try {
    return decode(shape, bytes, { maxValues: MOST_VALUES })
  } catch (error) {
    if (error instanceof TooManyValues) throw tooManyValues()
    if (!(error instanceof MalformedMessage)) throw error
    throw new RequestError('bad_request', { detail: `The message does not parse: ${error.message}.` })
  }
}

/** A message as the answer to a call. */
export function answerMessage<Message>(shape: MessageShape<Message>, message: Message): Answer {
  return new Answer(200, {}, encode(shape, message))
}

/** A refusal of a message with more of them. */
export function tooManyValues(): RequestError {
  return new RequestError('body_too_large', {
    detail: `A message may have ${MOST_VALUES} values in fields, apart from fp32_contents and fp64_contents, and a tensor as many BYTES. Send larger tensors raw.`,
  })
}
