import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Inbox } from '../../../src/replica/wire/inbox.ts'

it('gives bytes in their order, in pieces of any size, whatever pieces they came in', () => {
  const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 10 })
  const lengths = fc.array(fc.tuple(fc.nat(30), fc.boolean()), { maxLength: 20 })
  fc.assert(
    fc.property(pieces, lengths, (arriving, wanted) => {
      const inbox = new Inbox()
      for (const piece of arriving) inbox.add(Buffer.from(piece))
      const all = Buffer.concat(arriving)
      let taken = 0
      for (const [length, isOwn] of wanted) {
        if (length > all.length - taken) continue
        const bytes = isOwn ? Buffer.from(inbox.takeOwn(length)) : inbox.take(length)
        expect(bytes).toEqual(all.subarray(taken, taken + length))
        taken += length
        expect(inbox.length).toBe(all.length - taken)
      }
    }),
  )
})

it('gives bytes of their own where they may be passed on', () => {
  const inbox = new Inbox()
  inbox.add(Buffer.from('abcdef'))
  const own = inbox.takeOwn(3)
  expect(own.byteLength).toBe(3)
  expect(inbox.take(3).toString()).toBe('def')
})
