/** Characters of an item that is searched for its progress: longer ones are data. */
const LONGEST_ITEM = 4096

/**
 * How far a job is, from 0 to 1, as an item says it that is an object with such a member `progress`.
 *
 * @param item - JSON text.
 */
export function readProgress(item: string): number | undefined {
  if (item.length > LONGEST_ITEM || !item.startsWith('{') || !item.includes('"progress":')) return undefined
  const { progress }: { readonly progress?: unknown } = JSON.parse(item)
  return typeof progress === 'number' && progress >= 0 && progress <= 1 ? progress : undefined
}
