import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nextTurn } from '../../src/async/next-turn.ts'
import { writeInTurns } from '../../src/json/write-in-turns.ts'

const documents = fc.jsonValue({ maxDepth: 5 })

test('a value is written as JSON.stringify writes it', async () => {
  await fc.assert(
    fc.asyncProperty(documents, async value => {
      expect(await writeInTurns(value, 'given')).toBe(JSON.stringify(value))
    }),
  )
})

test('values whose members differ in their order alone are one text', async () => {
  await fc.assert(
    fc.asyncProperty(documents, async value => {
      const text = await writeInTurns(value, 'sorted')
      expect(await writeInTurns(reversed(value), 'sorted')).toBe(text)
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})

test.each([
  ['numbers', Array.from({ length: 100_000 }, (_, index) => index / 7)],
  ['objects', Array.from({ length: 20_000 }, (_, index) => ({ index, text: 'é"' }))],
  ['texts', Array.from({ length: 15_000 }, (_, index) => String(index % 10).repeat(1000))],
])('others have their turns while many %s are written', async (_, value) => {
  let turns = 0
  let isOver = false
  const count = async () => {
    for (; !isOver; turns += 1) await nextTurn()
  }
  const counted = count()
  expect(await writeInTurns(value, 'given')).toBe(JSON.stringify(value))
  isOver = true
  await counted
  expect(turns).toBeGreaterThan(10)
})

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member)]),
  )
}
