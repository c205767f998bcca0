import fc from 'fast-check'
import { expect, it } from 'vitest'
import { LineAssembler } from '../../../src/process/log/line-assembler.ts'

/** The lines that come of bytes in these pieces. */
function assemble(...pieces: readonly Uint8Array[]): string[] {
  const lines: string[] = []
  const assembler = new LineAssembler(line => lines.push(line))
  for (const piece of pieces) {
    assembler.write(piece)
    // Whoever writes may use the memory again.
    piece.fill(0x23)
  }
  assembler.flush()
  return lines
}

it('gives the same lines however a text is cut into pieces', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 200 })
  const sizes = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 })
  fc.assert(
    fc.property(fc.array(text), sizes, (texts, steps) => {
      const whole = Buffer.from(texts.join('\n'))
      const pieces: Uint8Array[] = []
      for (let at = 0, index = 0; at < whole.length; index += 1) {
        const step = steps[index % steps.length] ?? 1
        pieces.push(Uint8Array.from(whole.subarray(at, at + step)))
        at += step
      }
      expect(assemble(...pieces)).toEqual(assemble(Uint8Array.from(whole)))
    }),
  )
})

it('holds no more than the beginning of a line that never ends', () => {
  const lines: string[] = []
  const assembler = new LineAssembler(line => lines.push(line))
  const before = process.memoryUsage().arrayBuffers
  for (let count = 0; count < 1000; count += 1) assembler.write(new Uint8Array(1024 ** 2).fill(0x61))
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(500 * 1024 ** 2)
  assembler.flush()
  expect(lines).toEqual([`${'a'.repeat(16_384)}… (1048559616 more bytes)`])
})

it('cuts between characters', () => {
  const [line] = assemble(Buffer.from(`${'a'.repeat(16_383)}€€`))
  expect(line).toBe(`${'a'.repeat(16_383)}… (6 more bytes)`)
  expect(assemble(Buffer.from(`${'a'.repeat(16_384)}€`))).toEqual([`${'a'.repeat(16_384)}… (3 more bytes)`])
})

it('shows any bytes in printable characters or text', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), bytes => {
      const lines = assemble(bytes)
      expect(lines.every(line => !line.includes('\n'))).toBe(true)
    }),
  )
  expect(assemble(Uint8Array.of(0x80, 0x41, 0x1b))).toEqual(['\\x80A\\x1b'])
})
