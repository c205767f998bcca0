import { availableParallelism } from 'node:os'

/**
 * Does something with each item, as many at a time as there are processors.
 *
 * @template Item
 * @param {readonly Item[]} list
 * @param {(item: Item) => Promise<void>} work
 */
export async function inParallel(list, work) {
  const left = [...list]
  const next = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: availableParallelism() }, next))
}
