import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Link, LinkedList } from '../../src/collections/linked-list.ts'
import { NumberMap } from '../../src/collections/number-map.ts'

/** Few keys that share slots, and some at the upper end. */
const key = fc.oneof(
  fc.integer({ min: 1, max: 40 }),
  fc.integer({ min: 1, max: 12 }).map(n => n * 64),
  fc.integer({ min: 2 ** 30 - 80, max: 2 ** 30 - 1 }),
)

describe('NumberMap', () => {
  it('holds what a Map holds, whatever comes and goes', () => {
    const step = fc.record({ what: fc.constantFrom('set', 'set', 'delete', 'get'), key, value: fc.nat() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), steps => {
        const ours = new NumberMap<number>()
        const model = new Map<number, number>()
        for (const { what, key, value } of steps) {
          if (what === 'set') {
            ours.set(key, value)
            model.set(key, value)
          } else if (what === 'delete') expect(ours.delete(key)).toBe(model.delete(key))
          else expect(ours.get(key)).toBe(model.get(key))
          expect(ours.size).toBe(model.size)
        }
        for (const [known, value] of model) expect(ours.get(known)).toBe(value)
        expect(ours.values().sort()).toEqual([...model.values()].sort())
      }),
    )
  })

  it('finds thousands of entries, and none once it is cleared', () => {
    const ours = new NumberMap<string>()
    for (let n = 1; n <= 5000; n += 1) ours.set(n * 3, `value ${n}`)
    expect(ours.size).toBe(5000)
    expect(ours.get(14_997)).toBe('value 4999')
    expect(ours.get(14_998)).toBeUndefined()
    ours.clear()
    expect([ours.size, ours.get(3), ours.values()]).toEqual([0, undefined, []])
  })
})

describe('LinkedList', () => {
  it('keeps the order in which values came, whatever leaves', () => {
    const step = fc.record({ what: fc.constantFrom('add', 'add', 'remove', 'shift'), at: fc.nat() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), steps => {
        const ours = new LinkedList<number>()
        const model: { link: Link<number>; value: number }[] = []
        const left: Link<number>[] = []
        for (const [value, { what, at }] of steps.entries()) {
          if (what === 'add') model.push({ link: ours.add(value), value })
          else if (what === 'shift') {
            const first = model.shift()
            expect(ours.shift()).toBe(first?.value)
            if (first !== undefined) left.push(first.link)
          } else {
            const [gone] = model.splice(at % (model.length || 1), 1)
            if (gone === undefined) continue
            expect(ours.remove(gone.link)).toBe(true)
            left.push(gone.link)
          }
          expect([...ours]).toEqual(model.map(({ value }) => value))
          expect([ours.size, ours.first]).toEqual([model.length, model[0]?.value])
        }
        for (const link of left) expect(ours.remove(link)).toBe(false)
      }),
    )
  })

  it('does not take a link of another list', () => {
    const [one, other] = [new LinkedList<string>(), new LinkedList<string>()]
    const link = one.add('here')
    expect(other.remove(link)).toBe(false)
    expect([...one]).toEqual(['here'])
  })

  it('iterates over what was there, while values are removed and added', () => {
    const list = new LinkedList<number>()
    const links = [1, 2, 3].map(value => list.add(value))
    const seen: number[] = []
    for (const value of list) {
      seen.push(value)
      for (const link of links) list.remove(link)
      list.add(value + 10)
    }
    expect(seen).toEqual([1, 2, 3])
    expect([...list]).toEqual([11, 12, 13])
  })
})
