type Method = (...values: never[]) => unknown

/**
 * Wraps a metric of prom-client so that it reports every use of its methods, also of the methods of their results:
 * `labels(...)`, `startTimer()`.
 */
export function watched<Target extends object>(target: Target, names: readonly string[], onUse: () => void): Target {
  for (const name of names) {
    const method: unknown = Reflect.get(target, name)
    if (typeof method === 'function')
      Reflect.set(target, name, watchedMethod((method as Method).bind(target), names, onUse))
  }
  return target
}

function watchedMethod(method: Method, names: readonly string[], onUse: () => void): Method {
  return (...values) => {
    onUse()
    const given = method(...values)
    // A timer is a function, and what labels gives an object of methods.
    if (typeof given === 'function') return watchedMethod(given as Method, names, onUse)
    return isPlainObject(given) ? watched(given, names, onUse) : given
  }
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
