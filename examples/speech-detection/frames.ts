import { HTTPException } from 'incant'

/** Samples a second. */
export const RATE = 16_000

/** Samples in a frame: 32 ms. */
export const FRAME_LENGTH = 512

/** Bytes of a WAVE file before its samples, as everybody writes it. */
const HEADER_LENGTH = 44

/**
 * Cuts sound into frames as it arrives: a WAVE file of 16,000 samples a second, or its samples alone (16 bits, one
 * channel, little-endian). What is left at the end is filled up with silence.
 */
export async function* readFrames(sound: ReadableStream<Uint8Array>): AsyncGenerator<Float32Array> {
  let rest: Buffer = Buffer.alloc(0)
  let isHeaderRead = false
  for await (const chunk of sound) {
    rest = Buffer.concat([rest, chunk])
    if (!isHeaderRead && rest.length < HEADER_LENGTH) continue
    if (!isHeaderRead) rest = skipHeader(rest)
    isHeaderRead = true
    for (; rest.length >= 2 * FRAME_LENGTH; rest = rest.subarray(2 * FRAME_LENGTH)) yield toFrame(rest)
  }
  if (rest.length >= 2) yield toFrame(rest)
}

function skipHeader(bytes: Buffer): Buffer {
  if (bytes.toString('latin1', 0, 4) !== 'RIFF') return bytes
  const [channels, rate, bits] = [bytes.readUInt16LE(22), bytes.readUInt32LE(24), bytes.readUInt16LE(34)]
  if (channels !== 1 || rate !== RATE || bits !== 16) {
    throw new HTTPException(422, {
      message: `The sound has ${channels} channels of ${rate} samples a second and ${bits} bits. Send 1 of ${RATE} and 16.`,
    })
  }
  return bytes.subarray(HEADER_LENGTH)
}

/** Samples from -1 to 1. */
function toFrame(bytes: Buffer): Float32Array {
  const count = Math.min(FRAME_LENGTH, Math.floor(bytes.length / 2))
  const frame = new Float32Array(FRAME_LENGTH)
  for (let at = 0; at < count; at += 1) frame[at] = bytes.readInt16LE(2 * at) / 32_768
  return frame
}
