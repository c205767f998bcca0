import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GatheredLines } from '../../../src/node/log/gathered-lines.ts'

describe('gathered lines', () => {
  it('are taken as the bytes they are, in their order, and once', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.string({ unit: 'binary' }))), batches => {
        const gathered = new GatheredLines()
        for (const lines of batches) {
          const expected = Buffer.concat(lines.map(line => Buffer.from(line)))
          for (const line of lines) gathered.add(line)
          expect(gathered.size).toBe(expected.length)
          expect(gathered.take()).toEqual(expected)
          expect(gathered.size).toBe(0)
        }
      }),
    )
  })

  it('may be longer than the memory that is taken for several', () => {
    const gathered = new GatheredLines()
    const lines = ['a\n', `${'ü€😀'.repeat(40_000)}\n`, 'b\n', `${'c'.repeat(79_000)}\n`, `${'d'.repeat(79_000)}\n`]
    for (const line of lines) gathered.add(line)
    expect(gathered.take().toString()).toBe(lines.join(''))
  })

  it('leave what was taken as it is when more are added', () => {
    const gathered = new GatheredLines()
    gathered.add('first\n')
    const taken = gathered.take()
    gathered.add('second\n')
    expect(taken.toString()).toBe('first\n')
  })
})
