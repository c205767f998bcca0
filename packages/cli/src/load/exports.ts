/**
 * What a module exports, by name. CommonJS that was compiled from `export` statements hides its names inside the
 * namespace's `default`; they are lifted out of it.
 */
export function readExports(namespace: object): ReadonlyMap<string, unknown> {
  const own = Object.entries(namespace).filter(([name]) => name !== 'module.exports')
  const inner: unknown = Reflect.get(namespace, 'default')
  const lifted = isExportsObject(inner) ? Object.entries(inner) : []
  return new Map([...own, ...lifted])
}

function isExportsObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
