import type { FaceRoute } from './route.ts'

/**
 * A handler whose code is loaded with the first request, since most servers never need it. It is imported once: on Node 20,
 * where a predictor is loaded through hooks, each `import()` is a question to their thread, also of a module that is there.
 */
export function loadHandler(load: () => Promise<FaceRoute['handle']>): FaceRoute['handle'] {
  let loaded: Promise<FaceRoute['handle']> | undefined
  return async (exchange, models) => {
    loaded ??= load()
    return (await loaded)(exchange, models)
  }
}
