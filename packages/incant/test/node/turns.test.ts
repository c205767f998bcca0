import { describe, expect, it } from 'vitest'
import { Turns } from '../../src/node/gate/turns.ts'

/** Requests by name, begun as they have their turn. */
function line(total: number, perAddress: number) {
  const turns = new Turns({ total, perAddress })
  const begun: string[] = []
  const ask = (name: string, address?: string) => {
    const begin = () => void begun.push(name)
    if (!turns.take(address)) return turns.wait(address, begin)
    begin()
    return () => {}
  }
  return { turns, begun, ask }
}

const nextTurn = () => new Promise(resolve => setImmediate(resolve))

describe('turns', () => {
  it('are as many as there are in all, and for one address', () => {
    const { begun, ask } = line(3, 2)
    for (const name of ['a1', 'a2', 'a3']) ask(name, 'a')
    for (const name of ['b1', 'b2']) ask(name, 'b')
    expect(begun).toEqual(['a1', 'a2', 'b1'])
  })

  it('go on to the next that waits, by address in turn', async () => {
    const { turns, begun, ask } = line(1, 1)
    for (const name of ['a1', 'a2', 'a3']) ask(name, 'a')
    for (const name of ['b1', 'b2']) ask(name, 'b')
    for (const address of ['a', 'a', 'b', 'a', 'b']) {
      turns.leave(address)
      await nextTurn()
    }
    expect(begun).toEqual(['a1', 'a2', 'b1', 'a3', 'b2'])
    expect(turns.take('c')).toBe(true)
  })

  it('pass over an address that has all of its own', async () => {
    const { turns, begun, ask } = line(3, 2)
    for (const name of ['a1', 'a2', 'a3']) ask(name, 'a')
    for (const name of ['b1', 'b2']) ask(name, 'b')
    turns.leave('b')
    await nextTurn()
    expect(begun).toEqual(['a1', 'a2', 'b1', 'b2'])
    turns.leave('a')
    await nextTurn()
    expect(begun).toEqual(['a1', 'a2', 'b1', 'b2', 'a3'])
  })

  it('have no limit of an address where there is none', () => {
    const { begun, ask } = line(3, 1)
    for (const name of ['1', '2', '3', '4']) ask(name)
    expect(begun).toEqual(['1', '2', '3'])
  })

  it('are not given to those that have left', async () => {
    const { turns, begun, ask } = line(1, 1)
    ask('a1', 'a')
    const leave = ask('a2', 'a')
    ask('a3', 'a')
    leave()
    leave()
    turns.leave('a')
    await nextTurn()
    expect(begun).toEqual(['a1', 'a3'])
  })

  it('leave the event loop to others where requests are over as soon as they begin', async () => {
    const { turns, begun, ask } = line(100, 100)
    for (let index = 0; index < 200; index += 1) {
      ask(`a${index}`, 'a')
      if (index < begun.length) turns.leave('a')
    }
    expect(begun.length).toBe(64)
    while (begun.length < 164) await nextTurn()
    for (let index = 0; index < 100; index += 1) turns.leave('a')
    while (begun.length < 200) await nextTurn()
    expect(begun).toEqual(Array.from({ length: 200 }, (_, index) => `a${index}`))
    // They came one after the other, and not in a row.
    expect(turns.take('a')).toBe(true)
  })

  it('begin what waits in many turns of the event loop, if each takes its time', async () => {
    const { turns, begun, ask } = line(1, 1)
    ask('first', 'a')
    const begunAt: number[] = []
    let turn = 0
    for (let index = 0; index < 10; index += 1) {
      turns.wait('a', () => {
        begunAt.push(turn)
        process.nextTick(() => work(2))
        process.nextTick(() => turns.leave('a'))
      })
    }
    turns.leave('a')
    for (; begunAt.length < 10; turn += 1) await nextTurn()
    expect(begun).toEqual(['first'])
    expect(new Set(begunAt).size).toBe(10)
  })

  /** Keeps the loop for so many milliseconds. */
  function work(milliseconds: number): void {
    const until = performance.now() + milliseconds
    while (performance.now() < until);
  }

  it('are there for all once it is open', () => {
    const { turns, begun, ask } = line(1, 1)
    for (const name of ['a1', 'a2', 'a3']) ask(name, 'a')
    turns.open()
    ask('a4', 'a')
    expect(begun).toEqual(['a1', 'a2', 'a3', 'a4'])
  })
})
