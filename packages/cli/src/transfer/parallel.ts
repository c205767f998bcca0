/**
 * Runs a task for each item, several at a time.
 *
 * @returns The results, in the order of the items.
 * @throws What the first task that fails throws. No further task begins then, and those that run have ended.
 */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  limit: number,
  task: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = []
  const waiting = items.entries()
  let failed = false
  const work = async (): Promise<void> => {
    for (const [index, item] of waiting) {
      if (failed) return
      try {
        results[index] = await task(item)
      } catch (thrown) {
        failed = true
        throw thrown
      }
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: limit }, work))
  const end = ends.find(one => one.status === 'rejected')
  if (end !== undefined) throw end.reason
  return results
}
