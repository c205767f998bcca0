import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Inbox } from '../../../src/replica/wire/inbox.ts'

it('gives bytes in their order, in pieces of any size, whatever pieces they came in', () => {
  const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 10 })
  const lengths = fc.array(fc.tuple(fc.nat(30), fc.boolean()), { maxLength: 20 })
  fc.assert(
    fc.property(pieces, lengths, fc.boolean(), (arriving, wanted, own) => {
      const inbox = new Inbox(own)
      const all = Buffer.concat(arriving)
      const left = arriving.map(piece => Buffer.from(piece))
      let taken = 0
      for (const [length, isAttached] of wanted) {
        if (length > all.length - taken) continue
        const take = () => (isAttached ? inbox.takeAttached(length) : inbox.take(length))
        let bytes = take()
        for (; bytes === undefined; bytes = take()) inbox.add(left.shift() ?? Buffer.alloc(0))
        expect(bytes).toEqual(all.subarray(taken, taken + length))
        taken += length
      }
    }),
  )
})

it('gives attached bytes memory of their own where they may be passed on, else windows', () => {
  const take = (own: boolean) => {
    const inbox = new Inbox(own)
    inbox.add(Buffer.alloc(100))
    return inbox.takeAttached(3)?.buffer.byteLength
  }
  expect(take(true)).toBe(3)
  expect(take(false)).not.toBe(3)
})
