/** Deep equality of JSON values: members in any order, `-0` equal to `0`. */
export function isEqual(first: unknown, second: unknown): boolean {
  return first === second || (isContainer(first) && isContainer(second) && canonical(first) === canonical(second))
}

/**
 * Whether no two items are equal, in one pass. Primitives are compared by identity; objects and arrays by one text for
 * each, the same for equal values.
 */
export function areUnique(items: readonly unknown[]): boolean {
  const primitives = new Set<unknown>()
  const containers = new Set<string>()
  for (const item of items) {
    if (isContainer(item)) containers.add(canonical(item))
    else primitives.add(item)
  }
  return primitives.size + containers.size === items.length
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (!isContainer(value)) return typeof value === 'string' ? JSON.stringify(value) : String(value)
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join()}}`
}
