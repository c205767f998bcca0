/** The name nearest to a mistyped one, or undefined where none is near enough to be what was meant. */
export function suggest(given: string, names: Iterable<string>): string | undefined {
  const ranked = [...names].map(name => ({ name, distance: editDistance(given.toLowerCase(), name.toLowerCase()) }))
  const nearest = ranked.sort((first, second) => first.distance - second.distance)[0]
  return nearest !== undefined && nearest.distance <= Math.max(1, given.length / 3) ? nearest.name : undefined
}

/** How many letters must be inserted, removed, replaced or swapped with their neighbour (optimal string alignment). */
function editDistance(first: string, second: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: second.length + 1 }, (_, column) => column)
  for (let row = 1; row <= first.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= second.length; column += 1) {
      const same = first[row - 1] === second[column - 1]
      const swapped = first[row - 1] === second[column - 2] && first[row - 2] === second[column - 1]
      const costs = [at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + (same ? 0 : 1)]
      current.push(Math.min(...costs, swapped ? at(beforeLast, column - 2) + 1 : Number.POSITIVE_INFINITY))
    }
    ;[beforeLast, last] = [last, current]
  }
  return at(last, second.length)
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY
}
