/** Elements from which an array is looked at as a whole. */
const MANY = 1000

/** The path to where most of a value is: into the longest member, as long as that has more than half of what is around it. */
export function findLongest(value: unknown): string {
  let path = '$'
  for (let inside: unknown = value; typeof inside === 'object' && inside !== null && !isMany(inside); ) {
    const sized = Object.entries(inside).map(([key, member]) => ({ key, member, size: estimateSize(member) }))
    const total = sized.reduce((sum, { size }) => sum + size, 0)
    const longest = sized.find(({ size }) => size > total / 2)
    if (longest === undefined) break
    path += Array.isArray(inside) ? `[${longest.key}]` : `.${longest.key}`
    inside = longest.member
  }
  return path
}

function isMany(value: object): boolean {
  return ArrayBuffer.isView(value) || (Array.isArray(value) && value.length > MANY)
}

/** Characters of a value in JSON, roughly: of many elements the first represents all. */
function estimateSize(value: unknown): number {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null) return 8
  if (ArrayBuffer.isView(value)) return value.byteLength * 4
  if (Array.isArray(value) && value.length > MANY) return value.length * estimateSize(value[0])
  return Object.entries(value).reduce((size, [key, member]) => size + key.length + estimateSize(member), 0)
}
