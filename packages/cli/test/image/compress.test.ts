import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { digestOf } from '../../src/content/digest.ts'
import { compress } from '../../src/image/compress.ts'

async function compressed(chunks: readonly Buffer[]): Promise<Buffer> {
  return Buffer.concat(await Readable.from(compress(Readable.from(chunks))).toArray())
}

/** Text in pieces of a size. */
function inPieces(bytes: Buffer, size: number): readonly Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  )
}

const WORDS = Buffer.from(Array.from({ length: 200_000 }, (_, index) => `word ${(index * 7919) % 1013} `).join(''))

test('what is compressed can be read by others', async () => {
  const bytes = Buffer.concat([WORDS, randomBytes(1_000_000)])
  expect(gunzipSync(await compressed(inPieces(bytes, 65_536))).equals(bytes)).toBe(true)
  expect(gunzipSync(await compressed([])).length).toBe(0)
})

test('the result depends neither on how bytes arrive nor on the system', async () => {
  const results = await Promise.all([1000, 65_536, WORDS.length].map(size => compressed(inPieces(WORDS, size))))
  expect(new Set(results.map(bytes => digestOf(bytes)))).toEqual(new Set([GOLDEN]))
  expect(results[0]?.length).toBeLessThan(WORDS.length / 3)
})

/** Another digest means that images of the same bundle are others than those of the version before. */
const GOLDEN = 'sha256:87a4cd13ed034feace5853e0d5f2081979e6e07fe57240f47c4a86f1055889e8'
